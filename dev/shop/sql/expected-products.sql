-- What the index must hold, computed in another way than the program's; see expected-users.sql.
SELECT p.id::text, json_build_object(
  'id', p.id,
  'sku', p.sku,
  'name', p.name,
  'price', p.price,
  'category', (SELECT json_build_object('name', c.name) FROM categories c WHERE c.id = p.category_id),
  'timesOrdered', (SELECT count(*) FROM order_items i WHERE i.product_id = p.id),
  'piecesSold', (SELECT sum(i.quantity) FROM order_items i WHERE i.product_id = p.id)
)::text
FROM products p WHERE NOT p.discontinued
