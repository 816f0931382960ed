INSERT INTO region SELECT 'r' || i, 'Region ' || i FROM generate_series(1, 8) i;
INSERT INTO "Account" SELECT i, 'User' || i || '@X.org', CASE WHEN i % 5 > 0 THEN 'R' || 1 + i % 8 END,
  CASE WHEN i > 10 THEN 1 + i % 10 END FROM generate_series(1, 60) i;
INSERT INTO profile (account_id, bio, region) SELECT 1 + i % 50, 'bio ' || i, 'r' || 1 + i % 8 FROM generate_series(1, 70) i;
INSERT INTO category SELECT i, CASE WHEN i > 4 THEN i / 3 END, 'Category ' || i FROM generate_series(1, 20) i;
INSERT INTO product SELECT i, 'Product ' || i, 1 + i % 20, i * 1.10 FROM generate_series(1, 40) i;
INSERT INTO tag SELECT i, 'tag ' || i FROM generate_series(1, 12) i;
INSERT INTO product_tag SELECT 1 + i % 40, 1 + i % 12 FROM generate_series(1, 90) i ON CONFLICT DO NOTHING;
INSERT INTO club SELECT i, 'Club ' || i, i FROM generate_series(1, 8) i;
INSERT INTO membership (account_id, club_id) SELECT 1 + i % 60, 1 + i % 8 FROM generate_series(1, 100) i;
INSERT INTO purchase SELECT 1 + i % 60, i / 60, 'new' FROM generate_series(0, 179) i;
INSERT INTO item SELECT 1 + i % 60, i / 60 % 3, i / 180, 1 + i % 40, 1 + i % 5, i * 0.25, CASE WHEN i % 3 > 0 THEN i % 7 = 0 END
  FROM generate_series(0, 539) i;
