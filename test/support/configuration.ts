import { readFileSync } from 'node:fs';
import { Configuration } from '#domain/agreement/configuration.ts';

/** The sample set that ships with the project, as every test loads it. */
export const sampleFile = 'infra/config/sample-configuration.json';
export const configuration: Configuration = Configuration.parse(JSON.parse(readFileSync(sampleFile, 'utf8')));
