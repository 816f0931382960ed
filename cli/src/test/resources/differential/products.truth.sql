SELECT p.id::text, json_build_object('id', p.id, 'name', p.name, 'price', p.price,
  'category', (SELECT json_build_object('name', c.name,
      'siblings', (SELECT count(*) FROM product s WHERE s.category_id = c.id),
      'parent', (SELECT json_build_object('name', d.name,
          'parent', (SELECT json_build_object('name', e.name) FROM category e WHERE e.id = d.parent_id))
        FROM category d WHERE d.id = c.parent_id))
    FROM category c WHERE c.id = p.category_id),
  'tags', (SELECT coalesce(json_agg(json_build_object('label', t.label) ORDER BY t.id), '[]')
    FROM product_tag x JOIN tag t ON t.id = x.tag_id WHERE x.product_id = p.id),
  'tagIds', (SELECT coalesce(json_agg(t.id ORDER BY t.id), '[]')
    FROM product_tag x JOIN tag t ON t.id = x.tag_id WHERE x.product_id = p.id),
  'tagCount', (SELECT count(*) FROM product_tag x JOIN tag t ON t.id = x.tag_id
    WHERE x.product_id = p.id AND t.label LIKE '%1%'),
  'lastLabel', (SELECT max(t.label) FROM product_tag x JOIN tag t ON t.id = x.tag_id WHERE x.product_id = p.id),
  'sold', (SELECT sum(qty) FROM item WHERE product_id = p.id AND cancelled = false),
  'cheapest', (SELECT min(i.price) FROM item i WHERE i.product_id = p.id),
  'average', (SELECT avg(i.price) FROM item i WHERE i.product_id = p.id),
  'sales', (SELECT coalesce(json_agg(json_build_object('price', s.price,
      'purchase', (SELECT json_build_object('status', o.status,
          'account', (SELECT json_build_object('email', a.email) FROM "Account" a WHERE a."accountId" = o.account_id))
        FROM purchase o WHERE o.account_id = s.account_id AND o.no = s.purchase_no))
      ORDER BY s.price DESC, s.account_id, s.purchase_no, s.line), '[]')
    FROM (SELECT i.* FROM item i WHERE i.product_id = p.id
      ORDER BY i.price DESC, i.account_id, i.purchase_no, i.line LIMIT 3) s))
FROM product p WHERE NOT (p.retired AND p.price > 5)
