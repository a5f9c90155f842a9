// Plain JavaScript of 2015: it has to run where nothing else of this repository does.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `Agent Provisioner needs Node 24 or newer, and this is ${process.version} (${process.execPath}).\n` +
      'On Linux npm ci brings it along: npm start, npm run … and npx --no -- agent-provisioner take that one. ' +
      'Elsewhere install it from https://nodejs.org/ or with a version manager (nvm install 24).\n',
  );
  process.exit(2);
}
