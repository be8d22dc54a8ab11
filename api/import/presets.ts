/** Mappings that come with the product, for files people meet often. Ordinary mappings: each can be changed on the screen and saved anew. */
// biome-ignore-all lint/suspicious/noThenProperty: a rule of a mapping reads when … then …; it is data and never awaited
import type { ImportPreset } from '../contract.ts';

export const SHIPPED_PRESETS: readonly ImportPreset[] = [
  {
    id: null,
    resource: 'orders',
    name: ['发票明细（Online Retail 格式）', 'Invoice lines (Online Retail)'],
    mapping: {
      columns: {
        order_external_id: 'InvoiceNo',
        customer_external_id: 'CustomerID',
        placed_at: 'InvoiceDate',
        sku: 'StockCode',
        description: 'Description',
        quantity: 'Quantity',
        unit_price: 'UnitPrice',
        region: 'Country',
      },
      transforms: { customer_external_id: [{ strip_suffix: '.0' }] },
      time_zone: 'Europe/London',
      kinds: [
        {
          when: { InvoiceNo: { sw: 'C' } },
          then: 'return',
          label: ['作废发票记为退货', 'Cancelled invoices are returns'],
        },
        {
          when: { Quantity: { lte: 0 } },
          then: 'skip',
          label: ['数量不大于 0（盘点、报损）', 'Quantity not above 0 (stock corrections)'],
        },
        {
          when: { UnitPrice: { lte: 0 } },
          then: 'skip',
          label: ['单价不大于 0（赠品、坏账）', 'Price not above 0 (gifts, bad debt)'],
        },
      ],
      constants: { source: 'online_retail' },
    },
  },
  {
    id: null,
    resource: 'orders',
    name: ['CDNOW 购买记录', 'CDNOW purchases'],
    mapping: {
      format: { encoding: 'utf-8', delimiter: 'whitespace', header: true },
      columns: {
        customer_external_id: 'customer_id',
        placed_at: 'date',
        quantity: 'number_of_cds',
        amount: 'dollar_value',
      },
      constants: { source: 'cdnow' },
    },
  },
  {
    id: null,
    resource: 'orders',
    name: ['CDNOW 抽样（无标题行）', 'CDNOW sample (no header)'],
    mapping: {
      format: { encoding: 'utf-8', delimiter: 'whitespace', header: false },
      columns: { customer_external_id: '2', placed_at: '3', quantity: '4', amount: '5' },
      constants: { source: 'cdnow_sample' },
    },
  },
  {
    id: null,
    resource: 'orders',
    name: ['每行一笔订单：客户、日期、金额', 'One order a row: customer, date, revenue'],
    mapping: {
      columns: {
        customer_external_id: 'customer_id',
        customer_name: 'customer_id',
        placed_at: 'order_date',
        amount: 'revenue',
      },
      constants: { source: 'plain_orders' },
    },
  },
];
