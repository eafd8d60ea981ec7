import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfiguration } from '../config/stages.ts';
import type { CodeOf } from '../constructs/bundle.ts';
import { CaseworkStack } from './casework.ts';
import { DataStack } from './data.ts';
import { FeedbackStack } from './feedback.ts';
import { IntakeStack } from './intake.ts';
import { UpkeepStack } from './upkeep.ts';

/** One whole meldpunt: what keeps, and a stack per room. */
export class MeldpuntStage extends Stage {
  constructor(scope: Construct, stage: StageConfiguration, code: CodeOf) {
    super(scope, `meldpunt-${stage.name}`, {
      env: { region: stage.region, ...(stage.account !== undefined && { account: stage.account }) },
    });
    const data = new DataStack(this, 'Data', {
      stage,
      terminationProtection: true,
      description: 'Meldpunt: records, files, keys, mail address, alarms',
    });
    const { publishFeedback } = new FeedbackStack(this, 'Feedback', {
      data,
      code,
      description: 'Meldpunt: feedback to partners',
    });
    const { signalMachine } = new CaseworkStack(this, 'Casework', {
      data,
      code,
      publishFeedback,
      description: 'Meldpunt: work on signals',
    });
    new IntakeStack(this, 'Intake', { data, code, signalMachine, description: 'Meldpunt: deliveries' });
    new UpkeepStack(this, 'Upkeep', { data, code, signalMachine, description: 'Meldpunt: configuration and sweep' });
  }
}
