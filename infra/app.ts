import { App } from 'aws-cdk-lib';
import { synthesise } from './synthesise.ts';

const app = new App({ autoSynth: false });
// The CDK sets the status itself where a template breaks CloudFormation's rules.
if (!synthesise(app, console.error)) process.exitCode = 1;
