import { f, resource } from '../definition.ts';

export default resource('order_lines', {
  label: ['订单明细', 'Order lines'],
  group: 'customers',
  hidden: true,
  view: 'base.order_lines',
  id_within: { field: 'order_id', places: 100_000 },
  title: 'sku',
  offers: 'rx',
  fields: {
    order_id: f.ref({ label: ['订单', 'Order'], to: 'orders', readonly: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    line_no: f.integer({ label: ['行号', 'Line'], plain: true, readonly: true }),
    sku: f.text({ label: ['商品编码', 'SKU'], readonly: true }),
    product_id: f.ref({ label: ['商品', 'Product'], to: 'products', readonly: true }),
    description: f.text({ label: ['描述', 'Description'], readonly: true }),
    quantity: f.integer({ label: ['数量', 'Quantity'], readonly: true, sum: true }),
    unit_price: f.decimal({ label: ['单价', 'Unit price'], scale: 4, readonly: true }),
    amount: f.money({ label: ['金额', 'Amount'], readonly: true, sum: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: { columns: ['line_no', 'sku', 'description', 'quantity', 'unit_price', 'amount'], sort: 'id' },
});
