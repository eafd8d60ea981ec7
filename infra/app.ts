import { App, DefaultStackSynthesizer, type IReusableStackSynthesizer, Validations } from 'aws-cdk-lib';
import cdk from '../cdk.json' with { type: 'json' };
import { ReviewedChecks } from './config/nag-acknowledgements.ts';
import { stageOf } from './config/stages.ts';
import { bundleHandlers, type CodeOf } from './constructs/bundle.ts';
import { MeldpuntStage } from './stacks/meldpunt.ts';

export interface AppOptions {
  /** Where the code of functions comes from; default: the bundled handlers. */
  readonly code?: CodeOf;
  /** Over cdk.json, under what the CDK command line gives. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly outdir?: string;
  readonly checks?: ReviewedChecks;
}

/**
 * The whole CDK app, the same through the CLI, the embedded cloud and tests. The checks of cdk-nag run unless
 * CDK_VALIDATION is `false`.
 */
export const meldpuntApp = ({ code, context, outdir, checks = new ReviewedChecks() }: AppOptions = {}): App => {
  const app = new App({
    context: { ...cdk.context, ...context },
    analyticsReporting: false,
    defaultStackSynthesizer: new DefaultStackSynthesizer({
      generateBootstrapVersionRule: false,
    }) as IReusableStackSynthesizer,
    ...(outdir !== undefined && { outdir }),
  });
  new MeldpuntStage(
    app,
    stageOf((key) => app.node.tryGetContext(key)),
    code ?? bundleHandlers(),
  );
  if (process.env.CDK_VALIDATION !== 'false') Validations.of(app).addPlugins(checks);
  return app;
};
