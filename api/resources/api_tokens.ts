import { choices, f, resource, section } from '../definition.ts';

const mine = { user_id: { eq: '$me' } };
/** Those of resources are added by api/overlays/api_tokens.ts. */
const scopes = choices({
  'facts:write': ['写入订单与退货', 'Send orders and returns'],
  'reports:read': ['查看报表', 'Read reports'],
});

export default resource('api_tokens', {
  label: ['API 令牌', 'API tokens'],
  one: ['API 令牌', 'API token'],
  group: 'system',
  icon: 'key',
  view: 'base.api_tokens',
  title: 'name',
  offers: 'ru',
  by_token: false,
  fields: {
    name: f.text({ label: ['名称', 'Name'], required: true, max: 80, search: true }),
    owner: f.text({ label: ['所有者', 'Owner'], readonly: true, search: true }),
    user_id: f.ref({ label: ['所有者账号', 'Account'], to: 'users', readonly: true, access: { read: [] } }),
    prefix: f.text({
      label: ['令牌开头', 'Begins with'],
      readonly: true,
      search: true,
      help: ['完整令牌只在创建时显示一次', 'The whole token is shown once, when it is made'],
    }),
    scopes: f.choices({ label: ['权限范围', 'Scopes'], readonly: true, choices: scopes }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        valid: ['有效', 'Valid'],
        expired: ['已过期', 'Expired'],
        revoked: ['已吊销', 'Revoked'],
        suspended: ['所有者已停用', 'Owner disabled'],
      }),
    }),
    expires_at: f.datetime({ label: ['到期时间', 'Expires'], readonly: true }),
    last_used_at: f.datetime({ label: ['最近使用', 'Last used'], readonly: true }),
    last_used_ip: f.text({ label: ['最近使用地址', 'Last address'], readonly: true }),
    revoked_at: f.datetime({ label: ['吊销时间', 'Revoked at'], readonly: true }),
    created_at: f.datetime({ label: ['创建时间', 'Created at'], readonly: true }),
  },
  access: {
    operator: 'ru',
    reviewer: 'ru',
    customer_service: 'ru',
    manager: 'ru',
    analyst: 'ru',
    viewer: 'ru',
  },
  rows: {
    operator: mine,
    reviewer: mine,
    customer_service: mine,
    manager: mine,
    analyst: mine,
    viewer: mine,
  },
  list: {
    columns: ['name', 'owner', 'prefix', 'scopes', 'state', 'expires_at', 'last_used_at'],
    sort: '-created_at',
    scopes: {
      valid: { label: ['有效', 'Valid'], where: { state: { eq: 'valid' } } },
      ended: { label: ['已失效', 'Ended'], where: { state: { ne: 'valid' } } },
    },
  },
  form: [
    section(
      'token',
      ['令牌', 'Token'],
      [
        ['name', 'owner'],
        ['prefix', 'state'],
        ['expires_at', 'revoked_at'],
      ],
    ),
    section('scopes', ['权限范围', 'Scopes'], ['scopes']),
    section('use', ['使用情况', 'Use'], [['last_used_at', 'last_used_ip'], 'created_at']),
  ],
  actions: {
    issue: {
      label: ['新建令牌', 'New token'],
      procedure: 'issue_api_token',
      scope: 'resource',
      roles: ['operator', 'reviewer', 'customer_service', 'manager', 'analyst', 'viewer'],
      input: {
        name: f.text({
          label: ['名称', 'Name'],
          required: true,
          max: 80,
          help: ['哪个程序使用，如“商城订单同步”', 'Which program uses it, such as “Shop order sync”'],
        }),
        scopes: f.choices({
          label: ['权限范围', 'Scopes'],
          required: true,
          choices: scopes,
          help: ['令牌的权限不会超过您本人的权限', 'A token never may do more than you may'],
        }),
        days: f.integer({
          label: ['有效天数', 'Valid for days'],
          required: true,
          min: 1,
          max: 365,
          default: 90,
          help: ['最长 365 天', 'At most 365'],
        }),
      },
    },
    revoke: {
      label: ['吊销', 'Revoke'],
      procedure: 'revoke_api_token',
      scope: ['record', 'bulk'],
      roles: ['operator', 'reviewer', 'customer_service', 'manager', 'analyst', 'viewer'],
      allow: { revoked_at: { null: true } },
      confirm: [
        '吊销后，使用该令牌的程序会立即被拒绝，且不可恢复。',
        'Programs that use this token are refused from now on. This cannot be taken back.',
      ],
    },
  },
});
