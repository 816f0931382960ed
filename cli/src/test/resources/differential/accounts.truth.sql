SELECT a."accountId"::text, json_build_object('accountId', a."accountId", 'email', lower(a.email),
  'region', (SELECT json_build_object('code', code, 'name', name) FROM region WHERE code = a.region),
  'manager', (SELECT json_build_object('email', m.email,
      'region', (SELECT json_build_object('name', name) FROM region WHERE code = m.region))
    FROM "Account" m WHERE m."accountId" = a."managerId"),
  'profile', (SELECT json_build_object('bio', bio,
      'region', (SELECT json_build_object('name', name) FROM region WHERE code = p.region))
    FROM profile p WHERE p.account_id = a."accountId" AND visible ORDER BY id DESC LIMIT 1),
  'purchases', (SELECT coalesce(json_agg(json_build_object('no', o.no, 'status', o.status,
      'items', (SELECT coalesce(json_agg(json_build_object('line', i.line, 'price', i.price,
          'product', (SELECT json_build_object('name', p.name,
              'category', (SELECT json_build_object('name', c.name,
                  'parent', (SELECT json_build_object('name', name) FROM category WHERE id = c.parent_id))
                FROM category c WHERE c.id = p.category_id))
            FROM product p WHERE p.id = i.product_id)) ORDER BY i.line), '[]')
        FROM item i WHERE i.account_id = o.account_id AND i.purchase_no = o.no AND NOT i.cancelled),
      'quantity', (SELECT sum(qty) FROM item i WHERE i.account_id = o.account_id AND i.purchase_no = o.no))
      ORDER BY o.no), '[]') FROM purchase o WHERE o.account_id = a."accountId"),
  'clubs', (SELECT coalesce(json_agg(json_build_object('name', c.name) ORDER BY c.id), '[]')
    FROM membership m JOIN club c ON c.id = m.club_id WHERE m.account_id = a."accountId" AND c.fee > 2),
  'fees', (SELECT sum(c.fee) FROM membership m JOIN club c ON c.id = m.club_id WHERE m.account_id = a."accountId"),
  'reports', (SELECT count(*) FROM "Account" r WHERE r."managerId" = a."accountId"))
FROM "Account" a WHERE a.deleted_at IS NULL AND a.kind <> 'hidden'
