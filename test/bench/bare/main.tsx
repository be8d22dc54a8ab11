/** The least a page with one antd table can be: what the first row of ours is measured beside. */
import { Table } from 'antd';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

interface Customer {
  id: number;
  [field: string]: unknown;
}
const COLUMNS = ['external_id', 'name', 'phone', 'province', 'city', 'channel', 'enrolled_on', 'status'];

function Bare() {
  const [rows, setRows] = useState<Customer[]>();
  useEffect(() => {
    void fetch('/customers?channel=online&_start=0&_end=25')
      .then((answer) => answer.json())
      .then(setRows);
  }, []);
  return (
    <Table
      rowKey="id"
      loading={!rows}
      dataSource={rows}
      pagination={false}
      columns={COLUMNS.map((name) => ({ title: name, dataIndex: name }))}
    />
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(<Bare />);
