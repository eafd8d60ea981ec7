#!/usr/bin/env node
// npx starts plain JavaScript: Node 20 reads no TypeScript, so tsx is switched on first.
import { register } from 'tsx/esm/api';

// The SDK's advice on Node versions is not for who uses the command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
register();
const { main } = await import('./meldpunt.ts');
await main(process.argv.slice(2));
