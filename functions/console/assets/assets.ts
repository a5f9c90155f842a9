import { createHash } from 'node:crypto';
import { once } from '../../runtime/once.ts';
import { ICON } from './icon.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

const ASSETS = {
  'style.css': { contentType: 'text/css; charset=utf-8', content: STYLE },
  'script.js': { contentType: 'text/javascript; charset=utf-8', content: SCRIPT },
  'icon.svg': { contentType: 'image/svg+xml', content: ICON },
} as const;
type AssetName = keyof typeof ASSETS;

export interface Asset {
  readonly contentType: string;
  readonly content: string;
}

const paths = once(
  () =>
    new Map(
      (Object.keys(ASSETS) as AssetName[]).map((name) => {
        const digest = createHash('sha256').update(ASSETS[name].content).digest('hex').slice(0, 12);
        return [name, `assets/${digest}/${name}`];
      }),
    ),
);

/** Where it is, below the console: with its digest in it, so that a browser may keep it for good. */
export function assetPath(name: AssetName): string {
  return paths().get(name) ?? name;
}

/** The asset at `assets/{digest}/{name}`; one of another version is none. */
export function assetAt(path: string): Asset | undefined {
  const [name] = [...paths()].find(([, each]) => each === path) ?? [];
  return name === undefined ? undefined : ASSETS[name];
}
