import type { IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/** A finding of cdk-nag we have looked at and keep, and why. */
export interface Acknowledgement {
  /** Rule with its finding, as cdk-nag writes it; `…` stands for anything, since findings hold generated names (`*` is itself). */
  readonly finding: string;
  /** Constructs it counts for: the end of their path, without `/Resource`. `…` stands for anything. */
  readonly at: string;
  readonly reason: string;
}

const PREFIX =
  'Object ids are in the key: the right is for all objects under one folder and no other. Per party and municipality the wall is in the role of who uploads or reads there.';
const TRACING = 'X-Ray knows no resources for these actions. Segments hold names and durations, no payloads.';

export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  {
    finding: 'AwsSolutions-IAM5[Resource::*]',
    at: '…/Machine/Role/DefaultPolicy',
    reason: 'Step Functions sets up the delivery of its own logs, for which CloudWatch Logs knows no resources.',
  },
  { finding: 'AwsSolutions-IAM5[Resource::*]', at: '…/Role/DefaultPolicy', reason: TRACING },
  { finding: 'AwsSolutions-IAM5[Resource::…Landing…/inbox/*]', at: '…/Role/DefaultPolicy', reason: PREFIX },
  { finding: 'AwsSolutions-IAM5[Resource::…Landing…/check/*]', at: '…/Role/DefaultPolicy', reason: PREFIX },
  { finding: 'AwsSolutions-IAM5[Resource::…Landing…/work/*]', at: '…/Role/DefaultPolicy', reason: PREFIX },
  { finding: 'AwsSolutions-IAM5[Resource::…Exchange…/partners/*]', at: '…/Role/DefaultPolicy', reason: PREFIX },
  { finding: 'AwsSolutions-IAM5[Resource::…Exchange…/checks/*]', at: '…/Role/DefaultPolicy', reason: PREFIX },
  { finding: 'AwsSolutions-IAM5[Resource::…Exchange…/municipalities/*]', at: '…/Role/DefaultPolicy', reason: PREFIX },
  { finding: 'AwsSolutions-IAM5[Resource::…Exchange…/public/*]', at: '…/Role/DefaultPolicy', reason: PREFIX },
  {
    finding: 'AwsSolutions-IAM5[Resource::…:rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*]',
    at: 'Data/Landing/MalwareScan/Role/DefaultPolicy',
    reason: 'GuardDuty chooses the end of the name of its own rule. The right holds for rules it manages and no other.',
  },
  {
    finding: 'AwsSolutions-S1',
    at: 'Data/Landing',
    reason:
      'Server access logs hold file names senders chose and cannot be encrypted with our key. Reading and writing is recorded by CloudTrail data events (runbook, deploy preparations).',
  },
  {
    finding: 'AwsSolutions-S1',
    at: 'Data/Exchange',
    reason: 'As for the landing bucket: CloudTrail data events record it.',
  },
  {
    finding: 'AwsSolutions-SQS3',
    at: '…/Failed/Queue',
    reason:
      'It is itself where failed events end, for a rule, a schedule and Lambda, which the check does not see. An alarm watches it.',
  },
];

const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(text);

/** The checks of AWS Solutions, less what is acknowledged. Keeps which acknowledgements were of use. */
export class ReviewedChecks extends AwsSolutionsChecks {
  readonly used = new Set<Acknowledgement>();

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = super.validate(context).violations.flatMap((violation) => {
      const left = violation.violatingResources.filter(({ constructPath }) => {
        const known = ACKNOWLEDGEMENTS.find(
          ({ finding, at }) =>
            matches(finding, violation.ruleName) &&
            matches(`…/${at}`, `/${constructPath ?? ''}`.replace(/\/Resource$/, '')),
        );
        if (known !== undefined) this.used.add(known);
        return known === undefined;
      });
      return left.length === 0 ? [] : [{ ...violation, violatingResources: left }];
    });
    return { success: violations.length === 0, violations };
  }
}
