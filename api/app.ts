/** The HTTP application, as a list. What comes first wins: the generic routes of the resources are last. */
import { Hono } from 'hono';
import { signedIn, spoken } from './auth.ts';
import type { Deps, Env } from './context.ts';
import { apiError, problem, toProblem } from './errors.ts';
import { limitCallers, limitStrangers } from './rate-limit/limits.ts';
import { requestId } from './request-id.ts';
import { actionsRoutes } from './routes/actions.ts';
import { authRoutes } from './routes/auth.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { campaignPageRoutes } from './routes/campaign-pages.ts';
import { changeRequestsRoutes } from './routes/change-requests.ts';
import { clicksRoutes } from './routes/clicks.ts';
import { collectRoutes } from './routes/collect.ts';
import { eventsRoutes } from './routes/events.ts';
import { exportsRoutes } from './routes/exports.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { impactRoutes } from './routes/impact.ts';
import { importPresetsRoutes } from './routes/import-presets.ts';
import { importTemplatesRoutes } from './routes/import-templates.ts';
import { importsRoutes } from './routes/imports.ts';
import { messageLinkRoutes } from './routes/message-links.ts';
import { metaRoutes } from './routes/meta.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { permissionsRoutes } from './routes/permissions.ts';
import { recordHeadRoutes } from './routes/record-head.ts';
import { reportEditorRoutes } from './routes/report-editor.ts';
import { reportsRoutes } from './routes/reports.ts';
import { resourcesRoutes } from './routes/resources.ts';
import { retrospectiveFilesRoutes } from './routes/retrospective-files.ts';
import { retrospectivesRoutes } from './routes/retrospectives.ts';
import { stagesRoutes } from './routes/stages.ts';
import { subscriptionsRoutes, unsubscribeRoutes } from './routes/subscriptions.ts';
import { trialsRoutes } from './routes/trials.ts';
import { v1Routes } from './routes/v1.ts';
import { benefitRoutes } from './routes/v1-benefits.ts';
import { couponRoutes } from './routes/v1-coupons.ts';
import { messageRoutes } from './routes/v1-messages.ts';
import { pageTokenRoutes } from './routes/v1-page-tokens.ts';
import { pageLinkRoutes } from './routes/v1-pages.ts';
import { redemptionRoutes } from './routes/v1-redemptions.ts';
import { statusRoutes } from './routes/v1-status.ts';
import { taskRoutes } from './routes/v1-tasks.ts';
import { viewsRoutes } from './routes/views.ts';
import { sameOrigin } from './sign-in/origin.ts';

/** Every route file gives its routes with their full paths. */
export function createApp(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, c) => {
    const fault = toProblem(error);
    const { request_id, lang = 'zh' } = c.var;
    if (fault.status >= 500) deps.log.error({ err: fault.cause ?? error, request_id, path: c.req.path }, fault.key);
    if (fault.params.seconds) c.header('retry-after', String(fault.params.seconds));
    c.header('cache-control', 'no-store');
    c.header('x-request-id', request_id);
    return c.json(apiError({ problem: fault, lang, request_id }), fault.status as 400);
  });
  // Asked from pages of others too, by nobody who signs in.
  app.route('/', collectRoutes(deps));

  app.use('/api/*', requestId, spoken, sameOrigin, limitStrangers(deps.config));

  // What staff changed in the definitions is in force for the request that follows.
  app.use('/api/*', async (_, next) => {
    await deps.definitions.fresh();
    return next();
  });

  app.route('/', messageLinkRoutes(deps));
  app.route('/', campaignPageRoutes(deps));
  app.route('/', unsubscribeRoutes(deps));
  app.route('/', authRoutes(deps));
  app.route('/', oidcRoutes(deps));

  app.use('/api/*', signedIn(deps), limitCallers(deps.config));
  app.route('/', metaRoutes(deps));
  app.route('/', openApiRoutes(deps));
  app.route('/', permissionsRoutes(deps));
  app.route('/', healthRoutes(deps));
  app.route('/', stagesRoutes(deps));
  app.route('/', clicksRoutes(deps));
  app.route('/', retrospectivesRoutes(deps));
  app.route('/', retrospectiveFilesRoutes(deps));
  app.route('/', metricsRoutes(deps));
  app.route('/', subscriptionsRoutes(deps));
  app.route('/', reportsRoutes(deps));
  app.route('/', reportEditorRoutes(deps));
  app.route('/', eventsRoutes(deps));
  app.route('/', historyRoutes(deps));
  app.route('/', recordHeadRoutes(deps));
  app.route('/', actionsRoutes(deps));
  app.route('/', bulkRoutes(deps));
  app.route('/', changeRequestsRoutes(deps));
  app.route('/', impactRoutes(deps));
  app.route('/', trialsRoutes(deps));
  app.route('/', viewsRoutes(deps));
  app.route('/', v1Routes(deps));
  app.route('/', redemptionRoutes(deps));
  app.route('/', statusRoutes(deps));
  app.route('/', pageTokenRoutes(deps));
  app.route('/', taskRoutes(deps));
  app.route('/', pageLinkRoutes(deps));
  app.route('/', benefitRoutes(deps));
  app.route('/', couponRoutes(deps));
  app.route('/', messageRoutes(deps));
  app.route('/', importsRoutes(deps));
  app.route('/', importPresetsRoutes(deps));
  app.route('/', importTemplatesRoutes(deps));
  app.route('/', exportsRoutes(deps));
  app.route('/', resourcesRoutes(deps));

  app.all('/api/*', (c) => {
    throw problem(c.req.method === 'GET' ? 404 : 405, c.req.method === 'GET' ? 'not_found' : 'method_not_allowed');
  });
  return app;
}
