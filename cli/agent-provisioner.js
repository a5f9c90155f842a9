#!/usr/bin/env node
import './node-version.js';
import module from 'node:module';

// What is compiled once is read the next time: half of the time that a command takes is reading its code.
module.enableCompileCache?.();

// Loaded only after the version is known to be right: an older Node can't read a file of TypeScript.
const { start } = await import('./main.ts');
await start();
