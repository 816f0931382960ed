INSERT INTO country VALUES ('de', 'Germany'), ('fr', 'France'), ('it', 'Italy');
INSERT INTO customer SELECT i, 'customer ' || i, (ARRAY['de','fr',NULL])[1 + i % 3], nullif(i / 3, 0), i % 7 = 0
  FROM generate_series(1, 15) i;
INSERT INTO profile SELECT i, 'bio ' || i, i FROM generate_series(1, 12, 2) i UNION ALL SELECT 99, 'of nobody', NULL;
INSERT INTO orders SELECT i, (ARRAY['open','void','paid'])[1 + i % 3], nullif(1 + i % 12, 12) FROM generate_series(1, 30) i;
INSERT INTO category SELECT i, 'category ' || i, nullif(i / 2, 0) FROM generate_series(1, 9) i;
INSERT INTO product SELECT i, 'product ' || i, nullif(i % 9, 0) FROM generate_series(1, 12) i;
INSERT INTO line SELECT i, no, i + no, nullif((i * no) % 13, 0) FROM generate_series(1, 30) i, generate_series(1, 2) no;
INSERT INTO tag SELECT i, 'tag ' || i FROM generate_series(1, 5) i;
INSERT INTO product_tag SELECT i, 1 + (i * n) % 5, n FROM generate_series(1, 10) i, generate_series(1, 2) n ON CONFLICT DO NOTHING;
INSERT INTO club SELECT i, 'club ' || i, i FROM generate_series(1, 4) i;
INSERT INTO membership SELECT i, 2000 + i, nullif(1 + i % 11, 11), 1 + i % 4 FROM generate_series(1, 22) i;
