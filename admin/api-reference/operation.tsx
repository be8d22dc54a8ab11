import { createElement, Fragment, useState } from 'react';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Method } from './api-reference-page.tsx';
import {
  bodyOf,
  curlOf,
  exampleOf,
  follow,
  type OpenApiDocument,
  type Placed,
  type Schema,
  typeWord,
} from './document.ts';

/** One operation: how it is called, what it takes, what comes back. */
export function OperationView({ doc, operation }: { doc: OpenApiDocument; operation: Placed }) {
  const { t } = useLang();
  const parameters = (operation.parameters ?? []).map((each) => follow(doc, each));
  const sent = operation.requestBody ? bodyOf(doc, operation.requestBody) : null;
  const answers = Object.entries(operation.responses).map(([status, each]) => [status, follow(doc, each)] as const);
  const good = answers.find(([status]) => status.startsWith('2'))?.[1];
  const answer = good ? bodyOf(doc, good) : null;
  return (
    <>
      <h2>{operation.summary}</h2>
      <p className="api-address">
        <Method name={operation.method} /> <code>{operation.path}</code>
      </p>
      {operation.description ? <p>{operation.description}</p> : null}
      <Code label={t('api.try')} text={curlOf(doc, operation, location.origin)} />
      {parameters.length > 0 ? (
        <>
          <h3>{t('api.parameters')}</h3>
          <table className="api-table">
            <tbody>
              {parameters.map((each) => (
                <tr key={`${each.in} ${each.name}`}>
                  <th scope="row">
                    <code>{each.name}</code>
                    {each.required ? <Needed /> : null}
                    <span className="muted">{each.in}</span>
                  </th>
                  <td>
                    {each.schema ? <code className="api-type">{typeWord(doc, each.schema)}</code> : null}
                    {each.description}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : null}
      {sent ? (
        <>
          <h3>{t('api.body')}</h3>
          <Properties doc={doc} schema={sent} />
        </>
      ) : null}
      <h3>{t('api.answers')}</h3>
      <table className="api-table api-answers">
        <tbody>
          {answers.map(([status, each]) => (
            <tr key={status}>
              <th scope="row">
                <code>{status}</code>
              </th>
              <td>{each.description}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {answer?.type || answer?.anyOf ? (
        <>
          <Code label={t('api.example')} text={JSON.stringify(exampleOf(doc, answer), null, 2)} />
          <details className="api-fields">
            <summary>{t('api.fields')}</summary>
            <Properties doc={doc} schema={answer} />
          </details>
        </>
      ) : null}
    </>
  );
}

/** The fields of an object, those of objects inside it under their path. */
function Properties({ doc, schema }: { doc: OpenApiDocument; schema: Schema }) {
  const rows = rowsOf(doc, schema, '', 0);
  return (
    <table className="api-table">
      <tbody>
        {rows.map(({ name, needed, part }) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
              {needed ? <Needed /> : null}
            </th>
            <td>
              <code className="api-type">{typeWord(doc, part)}</code>
              {[part.title, part.description].filter(Boolean).map((each, index) => (
                <Fragment key={each}>
                  {index > 0 ? <br /> : null}
                  <Words text={each ?? ''} />
                </Fragment>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface PropertyRow {
  name: string;
  needed: boolean;
  part: Schema;
}

function rowsOf(doc: OpenApiDocument, given: Schema, path: string, depth: number): PropertyRow[] {
  const schema = follow(doc, given);
  const inner = schema.anyOf?.[0] ?? (schema.items ? schema.items : schema);
  const { properties = {}, required = [] } = follow(doc, inner);
  return Object.entries(properties).flatMap(([name, part]) => {
    const full = `${path}${name}`;
    const row = { name: full, needed: required.includes(name) && path === '', part };
    const { items } = follow(doc, part);
    return items && depth < 2 && follow(doc, items).properties
      ? [row, ...rowsOf(doc, items, `${full}[].`, depth + 1)]
      : [row];
  });
}

/** Text with `code` in it. */
function Words({ text }: { text: string }) {
  const parts = text.split('`');
  const nodes = parts.map((part, index) => (index % 2 ? createElement('code', null, part) : part));
  return createElement(Fragment, null, ...nodes);
}

function Needed() {
  const { t } = useLang();
  return (
    <span className="required" title={t('api.required')}>
      *<span className="visually-hidden"> {t('api.required')}</span>
    </span>
  );
}

function Code({ label, text }: { label: string; text: string }) {
  const { t } = useLang();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <figure className="api-code">
      <figcaption>
        {label}
        <Button small tone="quiet" onClick={() => void copy()}>
          {t(copied ? 'secret.copied' : 'secret.copy')}
        </Button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys. */}
      <section className="api-code-text" tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
    </figure>
  );
}
