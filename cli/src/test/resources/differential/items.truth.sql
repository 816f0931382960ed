SELECT i.account_id || ':' || i.purchase_no || ':' || i.line, json_build_object('qty', i.qty, 'cancelled', i.cancelled,
  'product', (SELECT json_build_object('name', p.name,
      'tags', (SELECT coalesce(json_agg(json_build_object('label', t.label) ORDER BY t.id), '[]')
        FROM product_tag x JOIN tag t ON t.id = x.tag_id WHERE x.product_id = p.id))
    FROM product p WHERE p.id = i.product_id AND NOT p.retired),
  'purchase', (SELECT json_build_object('status', o.status, 'note', o.note,
      'account', (SELECT json_build_object('email', a.email,
          'region', (SELECT json_build_object('code', r.code) FROM region r WHERE r.code = a.region))
        FROM "Account" a WHERE a."accountId" = o.account_id))
    FROM purchase o WHERE o.account_id = i.account_id AND o.no = i.purchase_no))
FROM item i
