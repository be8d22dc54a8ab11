/** Where a click on a mark leads: another report with its parameters, or the list of a resource with a condition. */
import type { Predicate } from '../api/contract.ts';
import type { ReportDefinition } from '../api/contract-reports.ts';

export function drillAddress(
  { to, pass }: NonNullable<ReportDefinition['drill']>,
  row: { [column: string]: unknown },
): string {
  const values = Object.entries(pass).map(([target, column]) => [target, row[column] ?? null] as const);
  const resource = /^resource:(.+)$/.exec(to)?.[1];
  if (!resource) {
    const given = values.filter(([, value]) => value !== null).map(([target, value]) => [target, String(value)]);
    return `/reports/${to}?${new URLSearchParams(given)}`;
  }
  const where = Object.fromEntries(
    values.map(([field, value]) => [field, value === null ? { null: true } : { eq: value }]),
  ) as Predicate;
  return `/${resource}?${new URLSearchParams({ where: JSON.stringify(where) })}`;
}
