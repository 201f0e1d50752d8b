/** The parts of an OpenAPI document that the page shows. */
export interface DocumentedApi {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}

interface DocumentedOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
  readonly responses?: Readonly<Record<string, { readonly description: string }>>;
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; padding: .2rem 1rem; margin: 1rem 0; }
h3 { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { overflow-x: auto; padding: .5rem; background: color-mix(in srgb, currentColor 8%, transparent); border-radius: .3rem; }
table { border-collapse: collapse; } td { padding: .1rem 1rem .1rem 0; vertical-align: top; }
`;

/** One HTML page over the documents: what can be called, with which parameters, and what is answered. */
export function renderPage(apis: readonly DocumentedApi[]): string {
  const sections = apis.map(renderApi).join('\n');
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kafka sidecar API</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>` +
    `<body><p><a href="/spec.yaml">OpenAPI document</a></p>${sections}</body></html>`
  );
}

function renderApi(api: DocumentedApi): string {
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    ['get', 'post', 'put', 'delete'].flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [renderOperation(method, path, operation)];
    }),
  );
  const { title, version, description } = api.info;
  return `<h1>${text(title)} <small>${text(version)}</small></h1>${paragraphs(description)}${operations.join('\n')}`;
}

function renderOperation(method: string, path: string, operation: DocumentedOperation): string {
  const example = operation.requestBody?.content['application/json']?.example;
  return (
    `<article id="${text(operation.operationId ?? '')}">` +
    `<h3><span class="method">${method.toUpperCase()}</span> ${text(path)}</h3>` +
    `<p><strong>${text(operation.summary ?? '')}</strong></p>${paragraphs(operation.description)}` +
    renderParameters(operation) +
    (example === undefined ? '' : `<p>Example body</p><pre>${text(JSON.stringify(example))}</pre>`) +
    renderResponses(operation) +
    `</article>`
  );
}

function renderParameters({ parameters = [] }: DocumentedOperation): string {
  const rows = parameters.map(
    ({ name, in: place, required, description = '' }) =>
      `<tr><td><code>${text(name)}</code></td><td>${text(place)}${required === true ? ', required' : ''}</td>` +
      `<td>${text(description)}</td></tr>`,
  );
  return rows.length === 0 ? '' : `<table>${rows.join('')}</table>`;
}

function renderResponses({ responses = {} }: DocumentedOperation): string {
  const rows = Object.entries(responses).map(
    ([status, { description }]) =>
      `<tr><td><code>${status === 'default' ? 'error' : text(status)}</code></td><td>${text(description)}</td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

function paragraphs(markdown = ''): string {
  return markdown
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${text(paragraph)}</p>`)
    .join('');
}

function text(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
