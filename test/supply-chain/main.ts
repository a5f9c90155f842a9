import { isAllowed } from './licenses.ts';
import { packagesOf } from './lock.ts';

/** `npm run licenses`: what is in the product, under which licence; fails on one that isn't allowed. */
const packages = packagesOf()
  .filter(({ dev }) => dev !== true)
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));
for (const { name, version, license } of packages) {
  const mark = isAllowed(license) ? '' : '  not allowed';
  process.stdout.write(`${(license ?? 'none').padEnd(14)} ${name} ${version}${mark}\n`);
}
const refused = packages.filter(({ license }) => !isAllowed(license));
process.stdout.write(`${packages.length} packages, ${refused.length} under a licence that is not allowed\n`);
process.exitCode = refused.length === 0 ? 0 : 1;
