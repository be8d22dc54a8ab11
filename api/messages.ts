/**
 * Every sentence the API says to people, zh and en, by key. {name} stands for a parameter; a parameter that is itself a
 * pair, such as a label, is said in the language of the sentence.
 */
import type { Json, Lang, Pair } from './contract.ts';

export type Params = { [name: string]: Json | Pair | readonly Pair[] | undefined };

export const MESSAGES = {
  // What is asked for at all
  bad_request: ['请求无法理解', 'The request cannot be understood'],
  body_not_json: ['请求内容不是有效的 JSON', 'The body is not valid JSON'],
  body_not_an_object: ['请求内容应为 JSON 对象', 'The body must be a JSON object'],
  body_too_large: ['请求内容过大', 'The body is too large'],
  not_found: ['没有找到', 'Not found'],
  method_not_allowed: ['不支持这种请求方式', 'This method is not supported here'],
  unknown_parameter: ['没有参数“{name}”{hint}', 'There is no parameter "{name}"{hint}'],
  bad_parameter: ['参数“{name}”的值不正确', 'The value of parameter "{name}" is not right'],
  bad_predicate: ['条件有误', 'The condition is wrong'],
  page_too_large: ['每页最多 {max} 条', 'A page holds at most {max} rows'],

  // Lists and records
  unknown_resource: ['没有“{resource}”这类记录', 'There are no records called "{resource}"'],
  unknown_operator: ['“{field}”不支持“{operator}”这种比较', '"{field}" cannot be compared by "{operator}"'],
  unknown_scope: ['没有名为“{name}”的范围{hint}', 'There is no scope "{name}"{hint}'],
  unknown_column: ['没有字段“{field}”{hint}', 'There is no field "{field}"{hint}'],
  not_comparable: ['“{field}”不能用于筛选或排序', '"{field}" cannot be filtered or sorted by'],
  not_summable: ['“{field}”不能合计', '"{field}" cannot be summed'],
  not_facetable: ['“{field}”不能按值计数', 'The values of "{field}" cannot be counted'],
  repeated_parameter: ['参数“{name}”只能出现一次', 'Parameter "{name}" may be given only once'],
  page_needed: [
    '结果超过 {max} 条，请用 _start 和 _end 分页',
    'There are more than {max} rows; ask for a page with _start and _end',
  ],
  bad_cursor: [
    '翻页位置已失效，请从第一页重新开始',
    'This position does not belong to the list; start again from the first page',
  ],
  no_search: ['此列表没有可搜索的字段', 'This list has no fields to search'],
  search_too_long: ['最多搜索 {max} 个词', 'A search has at most {max} words'],
  field_hidden: ['没有权限查看字段“{field}”', 'You may not see the field "{field}"'],
  field_masked: [
    '字段“{field}”已脱敏，不能用于筛选、排序或搜索',
    'The field "{field}" is masked for you, so it cannot be filtered, sorted or searched by',
  ],
  forbidden_list: ['没有权限查看“{resource}”', 'You may not see "{resource}"'],
  forbidden_create: ['没有权限新建“{resource}”', 'You may not create "{resource}"'],
  forbidden_edit: ['没有权限修改“{resource}”', 'You may not change "{resource}"'],
  forbidden_delete: ['没有权限删除“{resource}”', 'You may not delete "{resource}"'],
  forbidden_row: ['修改后的记录将超出您的权限范围', 'The record would leave what you may see'],
  forbidden_action: ['没有权限执行“{action}”', 'You may not do "{action}"'],
  unknown_action: ['没有名为“{name}”的操作', 'There is no action "{name}"'],
  action_not_allowed: ['记录当前的状态不允许“{action}”', 'The record as it is does not allow "{action}"'],
  no_impact: ['“{resource}”没有影响预览', '"{resource}" has no preview of its impact'],
  bad_setting: [
    '此项设置不正确，或涉及没有权限查看的字段',
    'This setting is not right, or names a field you may not see',
  ],
  forbidden_view: ['只有创建者和管理员可以修改这个视图', 'Only its owner and administrators may change this view'],
  too_many_views: ['每个列表最多保存 {max} 个视图', 'A list holds at most {max} views of yours'],
  bad_id: ['“{id}”不是有效的编号', '"{id}" is not a valid id'],
  needs_form: ['请以表单提交', 'Send a form (Content-Type: application/x-www-form-urlencoded)'],
  needs_json: ['请以 JSON 提交（Content-Type: application/json）', 'Send JSON (Content-Type: application/json)'],
  body_too_deep: ['请求内容嵌套过深', 'The body nests too deeply'],
  bad_characters: ['请求内容含有不允许的字符', 'The body has characters that are not allowed'],
  bad_key: ['Idempotency-Key 应为 1 到 200 个字符', 'An Idempotency-Key has 1 to 200 characters'],
  version_needed: ['请在 If-Match 中给出所依据的版本', 'Name the version the change was made from in If-Match'],
  bad_version: ['If-Match 应为记录的版本号', 'If-Match must be the version of the record'],
  nothing_changes: ['没有任何改动', 'Nothing would change'],
  four_eyes: ['不能审批自己提交的变更', 'You cannot decide on a change of your own'],
  may_not_decide: ['没有权限审批此变更', 'You may not decide on this change'],
  author_gone: [
    '申请人的账号已停用，变更无法生效',
    'The author’s account is disabled, so the change cannot be applied',
  ],
  change_record_gone: ['对应的记录已不存在', 'The record no longer exists'],
  change_overtaken: [
    '申请提交后，以下字段已被他人修改：{fields}',
    'These fields have been changed by others since: {fields}',
  ],
  nobody_to_consent: ['没有其他人可以审批', 'nobody else could have consented'],
  action_cannot_wait: [
    '“{action}”须审批，但无法留待审批后执行；请联系管理员调整审批规则',
    '“{action}” needs consent but cannot be done later; ask an administrator to change the approval rule',
  ],
  not_a_condition: ['{label}的内容不是有效的条件', '{label} is not a condition'],
  needs_consent: [
    '此修改需要审批，请打开该记录单独提交',
    'This change needs consent; open the record and save it there',
  ],
  too_many_proposals: [
    '需要审批的超过 {max} 条；一次最多提交 {max} 份变更申请，请分批进行',
    'More than {max} of these need consent; at most {max} change requests are made at once, so do them in parts',
  ],
  bulk_no_selection: ['请指定 ids，或 filter 与 expected', 'Give ids, or filter and expected'],
  bulk_too_many: [
    '一次最多处理 {max} 条记录，当前为 {asked} 条，请缩小范围',
    'At most {max} records at once, these are {asked}; narrow the selection',
  ],
  bulk_count: [
    '符合条件的记录已由 {expected} 条变为 {found} 条，请确认后重试',
    'There are now {found} matching records instead of {expected}; look again and confirm',
  ],
  bulk_gone: [
    '所选记录中有 {count} 条已不存在或无权查看',
    '{count} of the chosen records no longer exist, or you may not see them',
  ],
  bulk_nothing: ['没有要修改的字段', 'No field is to be changed'],
  bulk_both: ['字段“{field}”不能同时设置和清空', 'The field "{field}" cannot be both set and cleared'],
  bulk_field: ['“{label}”不能批量修改', '{label} cannot be changed for many records at once'],
  bulk_invalid: [
    '{total} 条中有 {wrong} 条无法保存，未作任何修改',
    '{wrong} of {total} records cannot be saved; nothing was changed',
  ],
  undo_done: ['这次批量操作已经撤销过', 'This change has been undone already'],
  undo_moved_on: ['该记录此后又被修改，无法撤销', 'The record has been changed since, so this cannot be undone'],
  job_busy: ['“{job}”正在运行，请稍后再试', '{job} is running already; try again later'],
  job_future: ['日期不能晚于今天', 'The day must not be after today'],
  undo_of_action: ['执行过的操作不能整批撤销', 'What an action did cannot be undone as a whole'],
  undo_of_undo: ['撤销操作不能再次撤销', 'An undoing cannot be undone itself'],
  restore_exists: ['该记录已经恢复', 'The record has been restored already'],
  blocked_by: ['仍被以下内容引用，不能删除：{by}', 'It cannot be deleted while these refer to it: {by}'],

  // Who asks
  signed_out: ['请先登录', 'Please sign in'],
  sign_in_failed: ['邮箱或密码不正确', 'The e-mail or the password is not right'],
  account_disabled: ['账号已停用，请联系管理员', 'This account is disabled; ask an administrator'],
  sign_in_locked: [
    '连续输错次数过多，请 {seconds} 秒后再试',
    'Too many wrong attempts; try again in {seconds} seconds',
  ],
  too_many_streams: [
    '同时打开的页面过多，最多 {max} 个接收实时更新',
    'Too many pages are open; at most {max} of them hear of changes',
  ],
  too_many_requests: ['请求过于频繁，请 {seconds} 秒后再试', 'Too many requests; try again in {seconds} seconds'],
  token_invalid: [
    'API 令牌无效：可能已过期、被吊销，或其所有者已停用',
    'The API token is not valid: it may have expired or been revoked, or its owner was disabled',
  ],
  for_people: ['此接口仅供登录用户使用，不能使用 API 令牌', 'This is for people who signed in, not for API tokens'],
  too_slow: ['请求内容传送过慢，连接已关闭', 'The body came too slowly; the connection was closed'],
  too_many_attempts: ['尝试过于频繁，请 {seconds} 秒后再试', 'Too many attempts; try again in {seconds} seconds'],
  link_invalid: [
    '链接已失效或已使用，请联系管理员重新获取',
    'The link has expired or was used; ask an administrator for a new one',
  ],
  too_many_clicks: [
    '点击太多，15 秒内算不完，已停止。请缩短日期范围再试',
    'There are too many clicks to be counted within 15 seconds. Choose fewer days',
  ],
  collector_full: [
    '数据较多，请 {seconds} 秒后再发',
    'There is too much to take in just now; send again in {seconds} seconds',
  ],
  no_chromium: [
    '服务器上没有可用的 Chromium，不能生成 PDF：请安装 chromium，或用环境变量 CHROMIUM 指明它的路径；也可以先用浏览器打印',
    'There is no Chromium on the server to make a PDF with: install chromium, or name its path in CHROMIUM; until then print from the browser',
  ],
  print_busy: ['正在生成的 PDF 过多，请稍后重试', 'Too many PDFs are being made; try again shortly'],
  print_failed: [
    'PDF 没有生成，请重试；原因见服务器日志',
    'The PDF could not be made: try again; the log of the server says why',
  ],
  report_area_unknown: ['没有分区 {area}；可选：{known}', 'There is no area {area}; there are {known}'],
  report_is_file: [
    '{slug} 已有报表文件，以文件为准；请换一个名称，或修改文件',
    '{slug} is a report file, which counts: take another name, or change the file',
  ],
  click_unknown: ['没有“{label}”这一项', 'There is nothing called "{label}"'],
  click_wrong_kind: ['值不正确', 'The value is not right'],
  click_too_many: ['一次最多 60 个事件', 'At most 60 events at once'],
  click_page_unknown: ['没有正在统计的这个页面或版本', 'No such page or version is measured'],
  click_origin: ['此页面不在登记的网址上', 'The page is not registered for this address'],
  cross_site: ['请求来自其他网站，已拒绝', 'The request came from another site and was refused'],
  wrong_password: ['当前密码不正确', 'The current password is not right'],
  password_too_short: ['密码至少 {min} 个字符', 'The password needs at least {min} characters'],
  password_too_long: ['密码最多 {max} 个字符', 'The password may have at most {max} characters'],
  password_too_common: ['密码过于常见，请换一个', 'This password is too easy to guess; choose another'],
  forbidden: ['没有权限执行此操作', 'You are not allowed to do this'],
  forbidden_fields: ['没有权限修改：{fields}', 'You may not change: {fields}'],
  forbidden_field: ['没有权限修改此项', 'You may not change this'],

  // Saving a record
  invalid: ['有内容需要修改', 'Some entries need attention'],
  required: ['请填写{label}', '{label} is required'],
  required_choose: ['请选择{label}', 'Choose {label}'],
  required_date: ['请选择{label}', 'Choose a date for {label}'],
  required_time: ['请选择{label}', 'Choose a time for {label}'],
  required_add: ['请添加{label}', 'Add entries to {label}'],
  unknown_field: ['没有字段“{name}”', 'There is no field "{name}"'],
  unknown_field_meant: ['没有字段“{name}”，是否想写“{meant}”？', 'There is no field "{name}"; did you mean "{meant}"?'],
  readonly: ['{label}由系统填写，不能修改', '{label} is set by the system and cannot be written'],
  frozen: ['{label}保存后不可更改', '{label} cannot be changed once saved'],
  not_a_text: ['{label}应为文本', '{label} must be a text'],
  bad_text: ['{label}含有不允许的字符', '{label} has characters that are not allowed'],
  too_long: ['{label}最多 {max} 个字符', '{label} may have at most {max} characters'],
  not_a_host: [
    '{label}须是主机名或 IP 地址，不含 http://、端口与空格',
    '{label} must be a host name or an IP address, without http://, port or spaces',
  ],
  not_a_webhook: [
    '{label}应为完整网址，如 https://example.com/hook',
    '{label} must be a whole address such as https://example.com/hook',
  ],
  webhook_not_https: ['{label}须以 https:// 开头', '{label} must begin with https://'],
  webhook_with_password: [
    '{label}中不能写用户名和密码；对方可凭签名确认来源',
    '{label} must not hold a user name or password; the receiver can tell by the signature who it is from',
  ],
  webhook_private: [
    '{label}指向本机或内部网络，不能使用；确有需要请让管理员在服务器上设置 PRIVATE_WEBHOOKS=1',
    '{label} leads to this machine or a private network, which is not allowed unless the server has PRIVATE_WEBHOOKS=1',
  ],
  bad_pattern: ['{label}格式不正确', '{label} is not in the right format'],
  not_a_layout: ['{label}的内容不是有效的表单布局', '{label} is not the layout of a form'],
  layout_label: ['分组与字段的名称应为 1 到 60 个字', 'Names of sections and fields have 1 to 60 letters'],
  layout_twice: ['字段 {name} 出现了两次', 'The field {name} stands there twice'],
  layout_unknown: ['该表单没有字段 {name}', 'The form has no field {name}'],
  layout_impossible: [
    '“{label}”必填且没有默认值，隐藏或设为只读后将无法保存',
    '“{label}” must be filled in and has no default: hidden or read-only, nothing could be saved',
  ],
  bad_regexp: ['{label}不是有效的正则表达式', '{label} is not a valid regular expression'],
  slow_regexp: [
    '{label}过于复杂：不支持前后查找、反向引用和嵌套的重复',
    '{label} is too complex: no look-around, no back-references, no repetition inside a repetition',
  ],
  not_an_email: ['{label}不是有效的邮箱地址', '{label} is not a valid e-mail address'],
  not_a_phone: [
    '{label}不是有效的电话号码；境外号码请以 + 加国家代码开头',
    '{label} is not a valid phone number; begin numbers abroad with + and the country code',
  ],
  not_a_color: ['{label}应为颜色值，如 #1677ff', '{label} must be a colour such as #1677ff'],
  not_an_integer: ['{label}应为整数', '{label} must be a whole number'],
  not_a_number: ['{label}应为数字', '{label} must be a number'],
  out_of_range: ['{label}超出允许的范围', '{label} is out of range'],
  too_small: ['{label}不能小于 {min}', '{label} must be at least {min}'],
  too_large: ['{label}不能大于 {max}', '{label} must be at most {max}'],
  too_precise: ['{label}最多 {scale} 位小数', '{label} may have at most {scale} decimals'],
  not_a_rate: [
    '{label}应在 0% 与 100% 之间，写作 0.125 或 12.5%',
    '{label} must be between 0% and 100%, written 0.125 or 12.5%',
  ],
  not_a_boolean: ['{label}应为“是”或“否”', '{label} must be yes or no'],
  not_a_date: ['{label}应为日期，如 2026-03-01', '{label} must be a date such as 2026-03-01'],
  not_a_time: [
    '{label}不是有效的日期时间，如 2026-03-01 08:00',
    '{label} must be a date and time such as 2026-03-01 08:00',
  ],
  not_a_choice: ['{label}没有选项“{value}”', '{label} has no choice "{value}"'],
  not_a_choice_meant: [
    '{label}没有选项“{value}”，是否想写“{meant}”？',
    '{label} has no choice "{value}"; did you mean "{meant}"?',
  ],
  not_a_list: ['{label}应为列表', '{label} must be a list'],
  too_many: ['{label}最多 {max} 项', '{label} may have at most {max} entries'],
  tag_too_long: ['{label}中每个标签最多 {max} 个字符', 'Each tag of {label} may have at most {max} characters'],
  not_a_ref: ['{label}应为已有记录的编号', '{label} must be the id of an existing record'],
  repeated: ['{label}与前面的行重复', '{label} is the same as in a row before'],
  readonly_now: ['{label}在当前情况下不能修改', '{label} cannot be changed as things stand'],
  ref_not_offered: ['{label}不在可选范围内', '{label} is not among those to choose from'],
  row_gone: ['这一行已不存在，可能已被他人删除', 'This row is no longer there; somebody may have removed it'],
  rows_unique: ['{label}中有重复的行', '{label} has rows that are the same'],
  sum_wrong: [
    '{label}合计应为 {goal}，现为 {sum}，相差 {rest}',
    'The {label} must add up to {goal}; now {sum}, {rest} to go',
  ],
  not_refs: ['{label}应为已有记录的编号列表', '{label} must be a list of ids of existing records'],
  not_an_object: ['{label}应为对象', '{label} must be an object'],
  not_json: ['{label}不是有效的 JSON', '{label} is not valid JSON'],
  bad_condition: ['{label}：{reason}', '{label}: {reason}'],
  unknown_context: ['{label}没有可用的条件字段', '{label} has no fields to build conditions from'],

  // What the database says
  unique: ['{label}已被其他记录使用', '{label} is already used by another record'],
  unique_record: ['已有相同的记录', 'There is such a record already'],
  ref_missing: ['{label}指向的记录不存在', 'The record that {label} names does not exist'],
  refs_missing: ['{label}中的记录不存在：{ids}', '{label} names records that do not exist: {ids}'],
  ref_missing_record: ['引用的记录不存在', 'A record this one refers to does not exist'],
  still_used: ['仍被其他记录使用，不能删除', 'Other records still use this one, so it cannot be deleted'],
  check: ['{label}的值不符合要求', 'The value of {label} is not allowed'],
  check_record: ['内容不符合要求', 'The values are not allowed'],
  overlap: ['与已有记录的时间范围重叠', 'It overlaps in time with another record'],
  bad_value: ['有值不符合字段的类型', 'A value does not fit the type of its field'],
  conflict: ['操作与当前状态冲突', 'This conflicts with how things stand now'],
  try_again: ['同时有其他修改，请重试', 'Somebody else was changing the same; please try again'],
  locked: ['其他人正在处理，请稍后重试', 'Somebody else is working on this; try again shortly'],
  timeout: ['耗时过长，已停止；请缩小范围后重试', 'It took too long and was stopped; ask for less and try again'],
  busy: ['系统繁忙，请稍后重试', 'The system is busy; please try again shortly'],
  database_away: ['数据库暂时无法连接，请稍后重试', 'The database cannot be reached just now; try again shortly'],
  read_only: ['系统暂时只读，请稍后重试', 'The system is read-only just now; try again shortly'],
  too_complex: ['请求过于复杂', 'The request is too complex'],
  internal: ['系统出错，请联系管理员并提供请求编号', 'Something went wrong; give an administrator the request id'],

  // Orders and returns coming in
  price_required: ['缺少单价或金额', 'A unit price or an amount is needed'],
  quantity_not_positive: ['数量必须大于 0', 'The quantity must be above 0'],
  price_negative: ['单价和金额不能为负', 'Prices and amounts cannot be negative'],
  amount_too_large: ['金额过大', 'The amount is too large'],
  amount_required: ['未关联订单的退货需要填写金额', 'A return that names no order needs an amount'],
  discount_exceeds: ['优惠金额超过商品金额合计', 'The discount exceeds the sum of the lines'],
  too_many_lines: ['一笔订单最多 10,000 行', 'An order may have at most 10,000 lines'],
  customers_differ: ['同一单号对应了不同客户', 'One document names different customers'],
  customer_differs: ['客户与原订单不一致', 'The customer is not the one of the order'],
  customer_unknown: ['没有这位客户', 'There is no such customer'],
  customer_not_active: ['该客户已冻结或注销', 'The customer is blocked or gone'],
  import_same_record: [
    '与前面的行是同一条记录（已合并）',
    'An earlier row is about the same record, which this one was merged into',
  ],
  customer_erased: [
    '该客户编号的个人信息已按要求删除，不可再用',
    'The person behind this customer no. was removed on request; it cannot be used again',
  ],
  points_amount_or_reward: ['积分、抵扣金额、兑换商品须且只能填写一项', 'Say one of points, amount and reward'],
  day_is_past: ['该日期已过', 'That day is over'],
  already_there: ['已存在相同编号的记录', 'A record with this number is here already'],
  order_has_wrong_line: [
    '同一订单的其他行有误，整单未导入',
    'Another line of this order is wrong; an order is imported whole or not at all',
  ],
  line_unknown: ['原订单中没有这一行', 'The order has no such line'],
  quantity_exceeds: ['超出可退数量，最多还可退 {left} 件', 'More than can be returned: {left} left'],
  amount_exceeds: ['超出可退金额，最多还可退 {left}', 'More than was paid: {left} left to return'],
  nothing_left: ['已全部退完', 'All of it has been returned already'],
  duplicate_in_batch: ['与本次提交中的另一条重复', 'It repeats another entry of the same request'],
  batch_size: ['一次提交 1 到 {max} 条', 'A request holds 1 to {max} entries'],
  lines_needed: ['订单至少要有一行商品', 'An order needs at least one line'],
  return_line_needed: ['按数量退货时请填写行号或商品编码', 'To return a quantity, name the line or the SKU'],
  return_order_needed: ['按行退货时请填写原订单号', 'To return a line, name the order'],
  not_of_this_kind: ['“{kind}”没有{label}', 'A “{kind}” has no {label}'],
  review_of_what: ['请填写所评价的订单号或商品编码', 'Name the order or the goods that are reviewed'],
  already_cancelled: ['这笔兑换已经取消', 'This redemption is cancelled already'],
  of_nobody: ['这笔订单没有客户', 'This order is nobody’s'],
  order_needed: ['请填写订单号', 'Name the order'],
  order_unknown: ['没有这笔订单', 'There is no such order'],
  order_of_another: ['这是其他客户的订单', 'The order is somebody else’s'],
  product_unknown: ['没有这个商品', 'There is no such product'],
  what_is_returned: ['请填写原订单号或客户编号', 'Name the order, or the customer'],

  // Files
  import_empty: ['文件是空的', 'The file is empty'],
  import_no_rows: ['文件只有标题行，没有数据', 'The file has a header but no rows'],
  import_too_large: ['文件超过 {max} MB', 'The file is larger than {max} MB'],
  import_bomb: [
    '压缩文件展开后超过 {max} MB，未读取',
    'The compressed file unpacks to more than {max} MB and was not read',
  ],
  import_bad_gzip: ['压缩文件已损坏', 'The compressed file is damaged'],
  import_binary: ['这不是文本文件；请导出为 CSV', 'This is not a text file; save it as CSV'],
  import_bad_text: [
    '文件中有不属于 {encoding} 编码的内容；请更换编码',
    'The file has bytes that are not {encoding}; choose another encoding',
  ],
  import_quote_open: ['第 {row} 行的引号没有闭合', 'A quotation mark opened in row {row} is never closed'],
  import_row_too_long: ['第 {row} 行超过 1 MB', 'Row {row} is longer than 1 MB'],
  import_too_many_columns: ['文件超过 {max} 列', 'The file has more than {max} columns'],
  import_unreadable: ['文件无法读取', 'The file cannot be read'],
  import_file_gone: ['原文件已清理，请重新上传', 'The file is no longer kept; upload it again'],
  import_unknown_field: ['“{resource}”没有可导入的字段“{field}”', '"{resource}" has no field "{field}" to import'],
  import_unknown_header: ['文件中没有列“{header}”', 'The file has no column "{header}"'],
  import_nothing_mapped: ['请至少对应一列', 'Match at least one column'],
  import_key_unmapped: ['请为“{label}”选择对应的列', 'Choose the column for "{label}"'],
  import_busy: ['“{resource}”正在导入，请等待完成', 'Another import of "{resource}" is running; wait for it'],
  import_state: ['导入当前的状态不允许此操作', 'The import is not in a state for this'],
  import_interrupted: [
    '导入中断（服务重新启动），未写入任何数据',
    'The import was interrupted by a restart; nothing was written',
  ],
  import_cells: ['这一行有 {cells} 列，标题只有 {headers} 列', 'This row has {cells} cells, the header only {headers}'],
  import_unique: ['已有相同的{label}', 'There is a record with this {label} already'],
  import_other_option: [
    '{label}与整个文件的“{value}”不同；请按{label}分成几个文件，分别导入',
    'The {label} is not that of the file (“{value}”); split the file by {label} and import each part',
  ],
  import_missing: ['没有这条记录，无法更新', 'There is no such record to update'],
  import_repeated: ['与第 {row} 行重复', 'It repeats row {row}'],
  import_said: ['{text}', '{text}'],
  import_none: ['“{resource}”不支持导入', '"{resource}" cannot be imported'],
  forbidden_import: ['没有权限导入“{resource}”', 'You may not import "{resource}"'],
  unknown_time_zone: ['没有名为“{value}”的时区', 'There is no time zone "{value}"'],
  bad_mapping: ['列对应关系有误：{reason}', 'The mapping is wrong: {reason}'],
  preset_shipped: ['内置方案不能删除', 'Presets that came with the product cannot be deleted'],

  import_cell_error: ['单元格里是错误值 {error}，不是数据', 'The cell holds the error {error}, which is no value'],
  import_cell_cut: [
    '单元格已满 32,767 个字符，内容可能被截断；请改用 CSV',
    'The cell is full (32,767 letters), so its text may have been cut off; use CSV for it',
  ],
  ref_unknown: ['{label}没有“{value}”这条记录', '{label}: there is no record "{value}"'],
  ref_ambiguous: [
    '{label}“{value}”对应多条记录，请改填编码或 #编号',
    '{label}: several records are called "{value}"; give the code, or # and the id',
  ],

  // Workbooks
  workbook_damaged: [
    '工作簿已损坏，或不是 .xlsx 文件；请在 Excel 中重新保存后再上传',
    'The workbook is damaged or no .xlsx file; save it again in Excel, then upload that',
  ],
  workbook_encrypted: [
    '工作簿设了密码；请取消密码后再上传',
    'The workbook has a password; save it without one, then upload that',
  ],
  workbook_old: [
    '这是旧版 Excel 文件（.xls）；请另存为 .xlsx 或 CSV 后再上传',
    'This is an old Excel file (.xls); save it as .xlsx or CSV, then upload that',
  ],
  workbook_bad_names: [
    '工作簿里有不允许的文件名，未读取',
    'The workbook has parts with names that are not allowed; it was not read',
  ],
  workbook_too_many_entries: [
    '工作簿里的文件超过 {max} 个，未读取',
    'The workbook has more than {max} parts; it was not read',
  ],
  workbook_bomb: [
    '工作簿展开后过大（超过 {max} MB 或压缩比异常），未读取',
    'The workbook unpacks to too much (over {max} MB, or out of proportion); it was not read',
  ],
  workbook_doctype: [
    '工作簿里有不允许的 XML 声明，未读取',
    'The workbook declares entities of its own, which is not allowed; it was not read',
  ],
  workbook_no_sheet: ['工作簿里没有可读取的工作表', 'The workbook has no sheet to read'],
  workbook_no_such_sheet: ['工作簿里没有工作表“{sheet}”', 'The workbook has no sheet "{sheet}"'],
  workbook_too_many_texts: ['工作簿里的文字过多，请分成几个文件', 'The workbook holds too many texts; split it'],
  workbook_too_many_rows: ['工作表超过 {max} 行', 'The sheet has more than {max} rows'],
  workbook_too_many_columns: ['工作表超过 {max} 列', 'The sheet has more than {max} columns'],

  export_busy: ['同时进行的导出过多，请稍后重试', 'Too many exports are running; try again shortly'],
  export_too_long: [
    '共 {rows} 行，超出工作表的上限 {max} 行；请导出为 CSV，或先缩小范围',
    'There are {rows} rows and a sheet holds {max}; export CSV, or narrow the list first',
  ],
  forbidden_export: ['没有权限导出“{resource}”', 'You may not export "{resource}"'],

  // Two people, or the same request twice
  stale: ['其他人已修改此记录，请核对后再保存', 'Somebody else changed this record; compare before you save'],
  precondition_required: ['请求缺少 If-Match', 'The request lacks If-Match'],
  idempotency_mismatch: [
    '同一 Idempotency-Key 已用于不同的请求',
    'This Idempotency-Key was used for a different request',
  ],
} as const satisfies { [key: string]: Pair };

export type MessageKey = keyof typeof MESSAGES;

/**
 * The sentence of a key in a language. A key that is not in the dictionary is said as it stands; one that has a sentence of
 * its own for `params.how` (`required_date`) is said by that.
 */
export function say(lang: Lang, key: string, params: Params = {}): string {
  const own = `${key}_${String(params.how)}`;
  const known = params.how !== undefined && Object.hasOwn(MESSAGES, own) ? own : key;
  if (!Object.hasOwn(MESSAGES, known)) return key;
  const spoken = speak(params, lang);
  const template = MESSAGES[known as MessageKey][lang === 'zh' ? 0 : 1];
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(spoken, name) ? spoken[name] : null;
    return Array.isArray(value) ? value.join(lang === 'zh' ? '、' : ', ') : String(value ?? '');
  });
}

/** Parameters as they travel: pairs (two texts are always one) in one language, lists of pairs as lists. */
export function speak(params: Params, lang: Lang): { [name: string]: Json } {
  const at = lang === 'zh' ? 0 : 1;
  const spoken = (value: Json | Pair | readonly Pair[]): Json =>
    isPair(value) ? value[at] : Array.isArray(value) ? value.map(spoken) : (value as Json);
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, spoken(value)]])),
  );
}

function isPair(value: unknown): value is Pair {
  return Array.isArray(value) && value.length === 2 && value.every((text) => typeof text === 'string');
}
