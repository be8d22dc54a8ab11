/** Which fields can be changed for many records at once: those that may be written, are not unique and have a control. */
import type { Field, MetaResource } from '../../api/contract.ts';
import { sendableFields } from '../form/changes.ts';

export interface EditGroup {
  label: Field['label'];
  names: string[];
}

const isFit = ({ unique, kind }: Field): boolean => !unique && !['password', 'rows', 'json'].includes(kind);

/** In the order of the form, under its headings. */
export function editGroups(resource: MetaResource): EditGroup[] {
  const fit = new Set(
    sendableFields(resource, false).filter((name) => {
      const field = resource.fields[name];
      return field !== undefined && isFit(field);
    }),
  );
  const groups: EditGroup[] = (resource.form ?? []).map(({ label, fields }) => ({
    label,
    names: fields.flat().filter((name) => fit.delete(name)),
  }));
  return [...groups, { label: resource.label, names: [...fit] }].filter(({ names }) => names.length > 0);
}
