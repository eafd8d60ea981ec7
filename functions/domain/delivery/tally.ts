import type { PartnerId } from '../ids.ts';
import {
  type Finding,
  type Findings,
  LINES_SHOWN,
  type PartnerRows,
  type RowRejectionCode,
  type Tally,
  type WarningCode,
} from './delivery.ts';

type Problem<C extends string> = Omit<Finding<C>, 'count' | 'lines'>;

const keyOf = ({ code, column, reason, municipality }: Problem<string>): string =>
  [code, column, reason, municipality].join(' ');

/** Findings under way: each problem once, with how often and where first. Goes on from findings that are known. */
export class Gathered<C extends string> {
  private readonly found = new Map<string, Problem<C> & { count: number; readonly lines: number[] }>();

  constructor(known: readonly Finding<C>[] = []) {
    for (const { lines, ...finding } of known) this.found.set(keyOf(finding), { ...finding, lines: [...lines] });
  }

  add(problem: Problem<C>, line: number): void {
    const key = keyOf(problem);
    const { code, column, reason, municipality } = problem;
    let finding = this.found.get(key);
    if (finding === undefined) {
      const where = { ...(column && { column }), ...(reason && { reason }), ...(municipality && { municipality }) };
      finding = { code, ...where, count: 0, lines: [] };
      this.found.set(key, finding);
    }
    finding.count += 1;
    if (finding.lines.length < LINES_SHOWN) finding.lines.push(line);
  }

  /** What turned out not to count. Of more than `LINES_SHOWN` the next line is not known: fewer are shown then. */
  take(problem: Problem<C>, line: number): void {
    const finding = this.found.get(keyOf(problem));
    if (finding === undefined) return;
    finding.count -= 1;
    const place = finding.lines.indexOf(line);
    if (place !== -1) finding.lines.splice(place, 1);
  }

  get findings(): readonly Finding<C>[] {
    return [...this.found.values()].filter(({ count }) => count > 0);
  }
}

class Part {
  read = 0;
  refused = 0;
  duplicates = 0;
  readonly refusals = new Gathered<RowRejectionCode>();
  readonly warnings = new Gathered<WarningCode>();

  get rows(): PartnerRows {
    const { read, refused, duplicates } = this;
    return { read, refused, duplicates };
  }

  get tally(): Tally {
    return { ...this.rows, refusals: this.refusals.findings, warnings: this.warnings.findings };
  }
}

/** Counts what becomes of the rows of a file, for the whole and for each partner (R-DEL-1, R-AGR-5). */
export class Tallies {
  private readonly whole = new Part();
  private readonly partners = new Map<PartnerId, Part>();

  get read(): number {
    return this.whole.read;
  }

  good(line: number, partner: PartnerId, warnings: readonly WarningCode[]): void {
    for (const part of this.parts(partner)) {
      part.read += 1;
      for (const code of warnings) part.warnings.add({ code }, line);
    }
  }

  duplicate(partner: PartnerId): void {
    for (const part of this.parts(partner)) {
      part.read += 1;
      part.duplicates += 1;
    }
  }

  refused(line: number, partner: PartnerId | undefined, problem: Problem<RowRejectionCode>): void {
    for (const part of this.parts(partner)) {
      part.read += 1;
      part.refused += 1;
      part.refusals.add(problem, line);
    }
  }

  get findings(): Findings {
    const partners = [...this.partners].map(([partner, { tally }]) => [partner, tally] as const);
    return { whole: this.whole.tally, partners: Object.fromEntries(partners) };
  }

  private parts(partner: PartnerId | undefined): readonly Part[] {
    if (partner === undefined) return [this.whole];
    let part = this.partners.get(partner);
    if (part === undefined) {
      part = new Part();
      this.partners.set(partner, part);
    }
    return [this.whole, part];
  }
}
