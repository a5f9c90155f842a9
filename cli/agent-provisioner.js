#!/usr/bin/env node
import './node-version.js';

// Loaded only after the version is known to be right: an older Node can't read a file of TypeScript.
const { start } = await import('./main.ts');
await start();
