/** The scopes a token may be given: one per resource and letter, from the definitions in force. */
import type { Field } from '../contract.ts';
import type { Overlay } from '../live-definitions.ts';
import { tokenScopes } from '../sign-in/token-scopes.ts';

export const reads: Overlay['reads'] = [];

export const overlay: Overlay['overlay'] = async (_, resources) => {
  const tokens = resources.get('api_tokens');
  const shown = tokens?.fields.scopes;
  const issue = tokens?.actions?.issue;
  const asked = issue?.input?.scopes;
  if (!shown || !asked) return resources;
  const found = tokenScopes(resources.values());
  const widened = (field: Field): Field =>
    field.kind === 'choices' ? { ...field, choices: { ...field.choices, ...found } } : field;
  return new Map(resources).set('api_tokens', {
    ...tokens,
    fields: { ...tokens.fields, scopes: widened(shown) },
    actions: { ...tokens.actions, issue: { ...issue, input: { ...issue.input, scopes: widened(asked) } } },
  });
};
