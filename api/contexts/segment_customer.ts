/**
 * What segment rules ask about: one row per known customer as of a day, given by ops.segment_facts(as_of).
 * Every field here is a column there (test/sql/segment-facts.test.ts holds the two together).
 */
import type { PredicateContext } from '../contract.ts';
import { CUSTOMER_FIELDS } from '../customer-fields.ts';

const context: PredicateContext = {
  name: 'segment_customer',
  custom_of: 'customers',
  fields: {
    recency_days: { type: 'integer', label: ['距最近下单天数 (R)', 'Days since last order (R)'] },
    order_count: { type: 'integer', label: ['累计订单数 (F)', 'Orders to date (F)'] },
    net_amount: { type: 'decimal', label: ['累计净消费 (M)', 'Net spend to date (M)'] },
    gross_amount: { type: 'decimal', label: ['累计消费（未减退货）', 'Gross spend to date'] },
    returned_amount: { type: 'decimal', label: ['累计退货金额', 'Returned to date'] },
    mean_net_amount: { type: 'decimal', label: ['全体客户平均净消费', 'Mean net spend of all buyers'] },
    mean_gross_amount: { type: 'decimal', label: ['全体客户平均消费（未减退货）', 'Mean gross spend of all buyers'] },
    average_order_amount: { type: 'decimal', label: ['客单价', 'Average order value'] },
    first_order_on: { type: 'date', label: ['首次下单日期', 'First order on'] },
    last_order_on: { type: 'date', label: ['最近下单日期', 'Last order on'] },
    first_order_days: { type: 'integer', label: ['距首次下单天数', 'Days since first order'] },
    enrolled_on: { type: 'date', label: ['入会日期', 'Enrolled on'] },
    enrolled_days: { type: 'integer', label: ['入会天数', 'Days since enrolment'] },
    recency_score: { type: 'integer', label: ['R 得分（1-5）', 'Recency score (1-5)'] },
    frequency_score: { type: 'integer', label: ['F 得分（1-5）', 'Frequency score (1-5)'] },
    monetary_score: { type: 'integer', label: ['M 得分（1-5）', 'Monetary score (1-5)'] },
    rfm_group: { type: 'text', label: ['RFM 分组编码', 'RFM group code'] },
    age: { type: 'integer', label: ['年龄', 'Age'] },
    birth_month: { type: 'integer', label: ['生日月份', 'Birthday month'] },
    gender: CUSTOMER_FIELDS.gender,
    education: {
      type: 'text',
      label: ['学历', 'Education'],
      choices: {
        junior_high: ['初中及以下', 'Junior high school'],
        senior_high: ['高中或中专', 'Senior high school'],
        college: ['大专', 'College'],
        bachelor: ['本科', 'Bachelor'],
        master: ['硕士', 'Master'],
        doctor: ['博士', 'Doctor'],
      },
    },
    occupation: CUSTOMER_FIELDS.occupation,
    province: CUSTOMER_FIELDS.province,
    city: CUSTOMER_FIELDS.city,
    channel: CUSTOMER_FIELDS.channel,
    status: {
      type: 'text',
      label: ['客户状态', 'Status'],
      choices: { active: ['正常', 'Active'], blocked: ['已冻结', 'Blocked'] },
    },
    tags: CUSTOMER_FIELDS.tags,
    consent_sms: { type: 'boolean', label: ['同意短信营销', 'Agreed to SMS'] },
    consent_email: { type: 'boolean', label: ['同意邮件营销', 'Agreed to e-mail'] },
    consent_push: { type: 'boolean', label: ['同意推送', 'Agreed to push'] },
    consent_wecom: { type: 'boolean', label: ['同意企业微信联系', 'Agreed to WeCom'] },
    consent_profiling: { type: 'boolean', label: ['同意画像分析', 'Agreed to profiling'] },
  },
};

export default context;
