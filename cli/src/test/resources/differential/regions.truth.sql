SELECT r.code::text, json_build_object('code', r.code, 'name', r.name,
  'accounts', (SELECT coalesce(json_agg(json_build_object('email', a.email,
      'profile', (SELECT json_build_object('bio', p.bio) FROM profile p WHERE p.account_id = a."accountId" ORDER BY p.id LIMIT 1),
      'clubs', (SELECT coalesce(json_agg(json_build_object('name', c.name) ORDER BY c.id), '[]')
        FROM membership m JOIN club c ON c.id = m.club_id WHERE m.account_id = a."accountId"))
      ORDER BY a."accountId"), '[]') FROM "Account" a WHERE a.region = r.code),
  'profiles', (SELECT count(*) FROM profile p WHERE p.region = r.code))
FROM region r
