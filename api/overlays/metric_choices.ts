/** Fields whose choices are the metrics: those of the registry in force, which follows its files. */
import type { Choices, Field, Resource } from '../contract.ts';
import type { Overlay } from '../live-definitions.ts';
import { liveMetricChoices, METRICS, metricChoices } from '../report/metric-choices.ts';

export const reads: Overlay['reads'] = [METRICS];

/** The last result by the resource as it was given: what did not change stays the same object. */
const kept = new WeakMap<Resource, { choices: Choices; result: Resource }>();

export const overlay: Overlay['overlay'] = async (db, resources) => {
  const choices = liveMetricChoices(db);
  if (choices === metricChoices()) return resources;
  return new Map([...resources].map(([name, resource]) => [name, withChoices(resource, choices)]));
};

function withChoices(resource: Resource, choices: Choices): Resource {
  if (!Object.values(resource.fields).some(namesMetrics)) return resource;
  const known = kept.get(resource);
  if (known?.choices === choices) return known.result;
  const fields = Object.fromEntries(
    Object.entries(resource.fields).map(([name, field]) => [name, namesMetrics(field) ? { ...field, choices } : field]),
  );
  const result = { ...resource, fields };
  kept.set(resource, { choices, result });
  return result;
}

function namesMetrics(field: Field): field is Field & { choices: Choices } {
  return (field.kind === 'choice' || field.kind === 'choices') && field.choices === metricChoices();
}
