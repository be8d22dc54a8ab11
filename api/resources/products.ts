import { choices, f, resource, section } from '../definition.ts';

export default resource('products', {
  label: ['商品', 'Products'],
  one: ['商品', 'product'],
  group: 'customers',
  icon: 'shopping',
  title: 'name',
  fields: {
    name: f.text({
      label: ['名称', 'Name'],
      required: true,
      max: 200,
      search: true,
      aliases: ['Description', '商品名称', '品名'],
    }),
    external_id: f.text({
      label: ['商品编码', 'SKU'],
      required: true,
      frozen: true,
      unique: true,
      search: true,
      max: 100,
      help: ['商城中的 SKU 编码，保存后不可更改', 'The shop’s stock-keeping code; fixed once saved'],
      aliases: ['StockCode', 'sku', 'product_id', '货号'],
    }),
    category: f.text({ label: ['品类', 'Category'], max: 100, aliases: ['类目', '分类'] }),
    price: f.money({ label: ['售价', 'Price'], min: '0', aliases: ['单价', 'UnitPrice'] }),
    unit_cost: f.money({
      label: ['成本', 'Unit cost'],
      min: '0',
      access: { read: ['manager', 'operator'], write: ['manager', 'operator'] },
    }),
    stock: f.integer({ label: ['库存', 'Stock'], help: ['留空表示不管理库存', 'Empty: stock is not kept'] }),
    low_stock_at: f.integer({
      label: ['库存预警线', 'Low stock at'],
      min: 0,
      max: 100_000_000,
      help: ['库存不多于此数时视为短缺，可触发预案', 'At or below it stock is short, which can start a playbook'],
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'active',
      choices: choices({ active: ['在售', 'Active'], retired: ['已下架', 'Retired'] }),
    }),
  },
  access: { operator: 'crudix', manager: 'rx', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['external_id', 'name', 'category', 'price', 'stock', 'status'],
    sort: 'name',
    scopes: {
      active: { label: ['在售', 'Active'], where: { status: { eq: 'active' } } },
      short: { label: ['库存不足', 'Low stock'], where: { stock: { lte: { $field: 'low_stock_at' } } } },
      sold_out: { label: ['售罄', 'Sold out'], where: { stock: { lte: 0 } } },
    },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [
        ['external_id', 'name'],
        ['category', 'status'],
      ],
    ),
    section(
      'price',
      ['价格与库存', 'Price and stock'],
      [
        ['price', 'unit_cost'],
        ['stock', 'low_stock_at'],
      ],
    ),
  ],
  children: [{ resource: 'order_lines', field: 'product_id' }],
  import: { key: ['external_id'] },
});
