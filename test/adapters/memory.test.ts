import { memoryPorts } from '../support/memory/ports.ts';
import { portsContract } from './contract.ts';

portsContract('ports in memory', async () => ({ ...memoryPorts(), bucket: 'exchange' }));
