BEGIN TRANSACTION;
CREATE TABLE adjudications (
	sequence INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	revision TEXT NOT NULL, 
	adjudicator TEXT NOT NULL, 
	answer TEXT, 
	verdict TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	decided_at TEXT NOT NULL, 
	CONSTRAINT pk_adjudications PRIMARY KEY (sequence), 
	CONSTRAINT fk_adjudications_adjudicator FOREIGN KEY(adjudicator) REFERENCES people (id), 
	CONSTRAINT fk_adjudications_answer FOREIGN KEY(answer) REFERENCES answers (id), 
	CONSTRAINT fk_adjudications_question FOREIGN KEY(question) REFERENCES questions (id), 
	CONSTRAINT fk_adjudications_revision FOREIGN KEY(revision) REFERENCES revisions (id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE answers (
	id TEXT NOT NULL, 
	question TEXT NOT NULL, 
	revision TEXT NOT NULL, 
	respondent_kind TEXT NOT NULL, 
	respondent_id TEXT NOT NULL, 
	respondent_name TEXT NOT NULL, 
	occasion TEXT NOT NULL, 
	occasion_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	answered_at TEXT NOT NULL, 
	response TEXT, 
	confidence INTEGER, 
	elapsed_s FLOAT, 
	idle_s FLOAT NOT NULL, 
	option_order TEXT NOT NULL, 
	raw_text TEXT NOT NULL, 
	reading_rule TEXT NOT NULL, 
	details TEXT NOT NULL, 
	CONSTRAINT pk_answers PRIMARY KEY (id), 
	CONSTRAINT fk_answers_question FOREIGN KEY(question) REFERENCES questions (id), 
	CONSTRAINT fk_answers_revision FOREIGN KEY(revision) REFERENCES revisions (id)
);
INSERT INTO "answers" VALUES('019b8d63-8808-73fe-a1a2-877dbd93f3c3','019b8d62-c0d0-78c1-a458-908f3442d6d1','019b8d62-d840-7c3e-964b-24fda56e721c','person','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','Demo Verifier 1','verification','019b8d62-d840-7c3e-964b-24fda56e721c','answered','2026-01-05T09:01:10.000000+00:00','{"kind":"chosen","options":["o2"]}',NULL,10.0,0.0,'[]','','','{}');
INSERT INTO "answers" VALUES('019b8d63-af18-75f8-9c4f-f49d9fc5b5de','019b8d62-c0d0-78c1-a458-908f3442d6d1','019b8d62-d840-7c3e-964b-24fda56e721c','person','019b8d62-a960-77f5-9c76-f9588413782d','Demo Verifier 2','verification','019b8d62-d840-7c3e-964b-24fda56e721c','answered','2026-01-05T09:01:20.000000+00:00','{"kind":"chosen","options":["o2"]}',NULL,10.0,0.0,'[]','','','{}');
INSERT INTO "answers" VALUES('019b8d63-ddf8-7076-816f-06a5d6d963be','019b8d63-0338-7815-8db6-3cc3f519683e','019b8d63-1aa8-705d-94f7-eb2cead79154','person','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','Demo Verifier 1','verification','019b8d63-1aa8-705d-94f7-eb2cead79154','answered','2026-01-05T09:01:32.000000+00:00','{"kind":"chosen","options":["o2"]}',NULL,10.0,0.0,'[]','','','{}');
INSERT INTO "answers" VALUES('019b8d64-e798-71c3-8a6f-265078366b65','019b8d62-c0d0-78c1-a458-908f3442d6d1','019b8d62-d840-7c3e-964b-24fda56e721c','person','019b8d62-b518-7331-b0f7-731443cb6633','Demo Reader 1','baseline','019b8d64-dbe0-7966-8a85-64cc91c11ef5','answered','2026-01-05T09:02:40.000000+00:00','{"kind":"chosen","options":["o2"]}',4,7.5,0.0,'["o2","o4","o3","o1"]','','','{}');
CREATE TABLE audit_events (
	sequence INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	person TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	content TEXT NOT NULL, 
	previous TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_audit_events PRIMARY KEY (sequence)
);
INSERT INTO "audit_events" VALUES(1,'2026-01-05T09:00:04.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','person.added','019b8d62-8250-7598-baf7-2ac39e6327d9','','0000000000000000000000000000000000000000000000000000000000000000','dfa288ad10586135357f5e0c69746116bae49a28b14093d2c0ac12b233af16e3');
INSERT INTO "audit_events" VALUES(2,'2026-01-05T09:00:05.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','person.sat_down','019b8d62-8250-7598-baf7-2ac39e6327d9','','dfa288ad10586135357f5e0c69746116bae49a28b14093d2c0ac12b233af16e3','fbc8c8255cb1274a902c178a7a2acaec3f9cb5b13524199eedd5a9bb309fb902');
INSERT INTO "audit_events" VALUES(3,'2026-01-05T09:00:08.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','person.added','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','','fbc8c8255cb1274a902c178a7a2acaec3f9cb5b13524199eedd5a9bb309fb902','76c914e9397201af26a3c299f930c92d682a08cdc0faf84e27528ff95dfdbe3a');
INSERT INTO "audit_events" VALUES(4,'2026-01-05T09:00:11.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','person.added','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','','76c914e9397201af26a3c299f930c92d682a08cdc0faf84e27528ff95dfdbe3a','a646abdf843406ce4de67351fe07019bbda40c58a8b50a2156c0c87d547cc659');
INSERT INTO "audit_events" VALUES(5,'2026-01-05T09:00:14.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','person.added','019b8d62-a960-77f5-9c76-f9588413782d','','a646abdf843406ce4de67351fe07019bbda40c58a8b50a2156c0c87d547cc659','bc51bd9d9e5a1d9e41d6782fdb7d37cc545ebafac1606c13da9893f1e59c62b8');
INSERT INTO "audit_events" VALUES(6,'2026-01-05T09:00:17.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','person.added','019b8d62-b518-7331-b0f7-731443cb6633','','bc51bd9d9e5a1d9e41d6782fdb7d37cc545ebafac1606c13da9893f1e59c62b8','2425611bfc070128c3d8288274ec8480c7386fde651ba22a9171e817fcdf0c65');
INSERT INTO "audit_events" VALUES(7,'2026-01-05T09:00:20.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.created','019b8d62-c0d0-78c1-a458-908f3442d6d1','','2425611bfc070128c3d8288274ec8480c7386fde651ba22a9171e817fcdf0c65','eed48536afa9ee9720f565c56b7427259b43757a41329d85f15754c2b44df817');
INSERT INTO "audit_events" VALUES(8,'2026-01-05T09:00:27.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','revision.committed','019b8d62-d840-7c3e-964b-24fda56e721c','7b8bbf6c5054f8efc5cb340161efa4e21aa3a705678ff3bf598ee8b149d131b5','eed48536afa9ee9720f565c56b7427259b43757a41329d85f15754c2b44df817','f0df9a99fff2e98e4a72cd1106d909f9a0686296ee7721816e598f6265f11156');
INSERT INTO "audit_events" VALUES(9,'2026-01-05T09:00:30.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.blinded','019b8d62-c0d0-78c1-a458-908f3442d6d1','','f0df9a99fff2e98e4a72cd1106d909f9a0686296ee7721816e598f6265f11156','c3c93409e130eeefa80fca2565674ee92d472f6f4b59b0db31893464583836ac');
INSERT INTO "audit_events" VALUES(10,'2026-01-05T09:00:33.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','blinding.approved','019b8d62-d840-7c3e-964b-24fda56e721c','c3eaf28bc3cac59261aae2f519d2e350ad036ef74abd43b428769cbaaf69f1eb','c3c93409e130eeefa80fca2565674ee92d472f6f4b59b0db31893464583836ac','02313e332424f4220ef15bfef678dcf15c8048c1eceaa76e70f0f87f1c40e359');
INSERT INTO "audit_events" VALUES(11,'2026-01-05T09:00:37.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.created','019b8d63-0338-7815-8db6-3cc3f519683e','','02313e332424f4220ef15bfef678dcf15c8048c1eceaa76e70f0f87f1c40e359','85830d7905d9a043c8fba26371be5e57c0d8e37ce3ab7ede3c97fc5b500a4d91');
INSERT INTO "audit_events" VALUES(12,'2026-01-05T09:00:44.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','revision.committed','019b8d63-1aa8-705d-94f7-eb2cead79154','7b8bbf6c5054f8efc5cb340161efa4e21aa3a705678ff3bf598ee8b149d131b5','85830d7905d9a043c8fba26371be5e57c0d8e37ce3ab7ede3c97fc5b500a4d91','43281e451fee985b1914bd3857a1d9840164ff55217ee90c2c9eab9acdba95c9');
INSERT INTO "audit_events" VALUES(13,'2026-01-05T09:00:47.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.blinded','019b8d63-0338-7815-8db6-3cc3f519683e','','43281e451fee985b1914bd3857a1d9840164ff55217ee90c2c9eab9acdba95c9','70ab2c25917cc43c5fb2365872e9eb2966ce2c286404aca0bd4b35155b79f2fe');
INSERT INTO "audit_events" VALUES(14,'2026-01-05T09:00:50.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','blinding.approved','019b8d63-1aa8-705d-94f7-eb2cead79154','34d5970962c72033fe4f42059d6967722578692571b1bb2a813b6ba701bcf7f8','70ab2c25917cc43c5fb2365872e9eb2966ce2c286404aca0bd4b35155b79f2fe','b105087151dae685bb2bc2ff9b4f5b0104d39e066d00f93921c887cb749d5a2a');
INSERT INTO "audit_events" VALUES(15,'2026-01-05T09:00:54.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.created','019b8d63-45a0-71f6-9f6c-6ef156c3a43d','','b105087151dae685bb2bc2ff9b4f5b0104d39e066d00f93921c887cb749d5a2a','ea673a04f4608cb1d4afabca1c378a39a6be6bb61f859afa5b9e2529a42550f6');
INSERT INTO "audit_events" VALUES(16,'2026-01-05T09:01:01.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','revision.committed','019b8d63-5d10-7fe8-8aa8-8aa85d73059e','7b8bbf6c5054f8efc5cb340161efa4e21aa3a705678ff3bf598ee8b149d131b5','ea673a04f4608cb1d4afabca1c378a39a6be6bb61f859afa5b9e2529a42550f6','7c0ebd15a8fefac528c375fc0d1bd430a31b34402e9394cbe435eb1b7ede2e2a');
INSERT INTO "audit_events" VALUES(17,'2026-01-05T09:01:04.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.blinded','019b8d63-45a0-71f6-9f6c-6ef156c3a43d','','7c0ebd15a8fefac528c375fc0d1bd430a31b34402e9394cbe435eb1b7ede2e2a','748de320b09d06da3add760f5f246f9c9ce70c3f50bff1d7a7d40e57320bc2a4');
INSERT INTO "audit_events" VALUES(18,'2026-01-05T09:01:07.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','blinding.approved','019b8d63-5d10-7fe8-8aa8-8aa85d73059e','7bcf8db254fde2df438ac18e5d8c086bc669f5c92be6e40c306158c9adc6c7fd','748de320b09d06da3add760f5f246f9c9ce70c3f50bff1d7a7d40e57320bc2a4','43c5da1560865cab2f615a2099d889aac834a6745d116b1fc87f1e2395f7a528');
INSERT INTO "audit_events" VALUES(19,'2026-01-05T09:01:11.000000+00:00','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','answer.locked','019b8d63-8808-73fe-a1a2-877dbd93f3c3','4f75d7a84403fbc0d19021c9eb37263d299e6528ffe122aa8b533ee04198f867','43c5da1560865cab2f615a2099d889aac834a6745d116b1fc87f1e2395f7a528','84072d68772481f537c76805d247e10624f0a638fb6dfffd00d91a877fb0c635');
INSERT INTO "audit_events" VALUES(20,'2026-01-05T09:01:13.000000+00:00','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','question.in_verification','019b8d62-c0d0-78c1-a458-908f3442d6d1','','84072d68772481f537c76805d247e10624f0a638fb6dfffd00d91a877fb0c635','cd39d737252f5bda4810df86a6242600d5bf3c58c1043ca3f0809e727b4d3327');
INSERT INTO "audit_events" VALUES(21,'2026-01-05T09:01:17.000000+00:00','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','verification.submitted','019b8d62-d840-7c3e-964b-24fda56e721c','4d35101e9067817c66ee243dec291d94c662defe0404d1c8f1c8699f6d230757','cd39d737252f5bda4810df86a6242600d5bf3c58c1043ca3f0809e727b4d3327','38a04748ac5493ae0862ff937ff54da7f29543d728e9418affea634c26fddf39');
INSERT INTO "audit_events" VALUES(22,'2026-01-05T09:01:21.000000+00:00','019b8d62-a960-77f5-9c76-f9588413782d','answer.locked','019b8d63-af18-75f8-9c4f-f49d9fc5b5de','be6b85496c4ffe15245e915076f5c7e42dac2d8872c271a4bdd0a0ad2cdf13c9','38a04748ac5493ae0862ff937ff54da7f29543d728e9418affea634c26fddf39','3b77b84ea69242062471d688a83fa7f6dd69e8c496c5d61841aa341d94945db5');
INSERT INTO "audit_events" VALUES(23,'2026-01-05T09:01:24.000000+00:00','019b8d62-a960-77f5-9c76-f9588413782d','verification.submitted','019b8d62-d840-7c3e-964b-24fda56e721c','ee0ad0c640f47d0ca096c79d2476fe752ce11b04c5d6d514389342d2eb51aeea','3b77b84ea69242062471d688a83fa7f6dd69e8c496c5d61841aa341d94945db5','0b495faa35d5f2facb181e7daddf3c2d50ffd66e37144b145646aa5d9b30b1b2');
INSERT INTO "audit_events" VALUES(24,'2026-01-05T09:01:27.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','question.verified','019b8d62-c0d0-78c1-a458-908f3442d6d1','','0b495faa35d5f2facb181e7daddf3c2d50ffd66e37144b145646aa5d9b30b1b2','1799ff82ec72622da84e89874dd9f5b667c09dd2320bfb352d4af1e11dae29fb');
INSERT INTO "audit_events" VALUES(25,'2026-01-05T09:01:33.000000+00:00','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','answer.locked','019b8d63-ddf8-7076-816f-06a5d6d963be','ec6a35784ff3028551edb609616fa3bed8b9bbc44ddaacd76d97a580eb0fa8bf','1799ff82ec72622da84e89874dd9f5b667c09dd2320bfb352d4af1e11dae29fb','4a517bcf5e06481384943eb6f98b6bdcd9481ed86264a4602570f6d4cc606168');
INSERT INTO "audit_events" VALUES(26,'2026-01-05T09:01:35.000000+00:00','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','question.in_verification','019b8d63-0338-7815-8db6-3cc3f519683e','','4a517bcf5e06481384943eb6f98b6bdcd9481ed86264a4602570f6d4cc606168','7347962a9ccf8a519110578cd36016941226bd7581b8817042efd9c521d4439c');
INSERT INTO "audit_events" VALUES(27,'2026-01-05T09:01:39.000000+00:00','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','verification.submitted','019b8d63-1aa8-705d-94f7-eb2cead79154','74b08ec96c32b38b44d7b9d2cf7eb324787d947d0e0d1a215129922e5dde2b25','7347962a9ccf8a519110578cd36016941226bd7581b8817042efd9c521d4439c','016982e2c7f6c8217c548e13db97dad34c3d94fd83a13ebdd8485dbecd3b1acc');
INSERT INTO "audit_events" VALUES(28,'2026-01-05T09:01:42.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','question.draft','019b8d63-0338-7815-8db6-3cc3f519683e','','016982e2c7f6c8217c548e13db97dad34c3d94fd83a13ebdd8485dbecd3b1acc','89736f277cea60b8765d18d12b36cf92ae7051a77d9af03e50eb5bde9d6b5502');
INSERT INTO "audit_events" VALUES(29,'2026-01-05T09:01:51.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','revision.committed','019b8d64-2060-70b2-8871-a83be2b89fe5','186726b20f653b53f1180f22303dd0c62846f1b5e9ba17d238bf83e283529071','89736f277cea60b8765d18d12b36cf92ae7051a77d9af03e50eb5bde9d6b5502','b47a81771a2de60dfed889020deb02b69ccafa786526fbb3ff8ba43e2185d188');
INSERT INTO "audit_events" VALUES(30,'2026-01-05T09:01:54.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','question.retired','019b8d63-45a0-71f6-9f6c-6ef156c3a43d','','b47a81771a2de60dfed889020deb02b69ccafa786526fbb3ff8ba43e2185d188','10d2748d13c4fecb2ea0486da7c87e89d7fee82734bc5565f6f7c66a2254ac6b');
INSERT INTO "audit_events" VALUES(31,'2026-01-05T09:02:00.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.created','019b8d64-4770-76bb-9e78-ef506c5577c5','','10d2748d13c4fecb2ea0486da7c87e89d7fee82734bc5565f6f7c66a2254ac6b','5343dd7b67d8b01e1979b2538aa70f8cc28bdf25cbd4275fd0ebfa210d7571c2');
INSERT INTO "audit_events" VALUES(32,'2026-01-05T09:02:07.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','revision.committed','019b8d64-5ee0-7a04-9ed1-b9363edbfa8c','7b8bbf6c5054f8efc5cb340161efa4e21aa3a705678ff3bf598ee8b149d131b5','5343dd7b67d8b01e1979b2538aa70f8cc28bdf25cbd4275fd0ebfa210d7571c2','da19b02fa552ccc8c21131eac9f1ed3189fdbda4b1a622e0bfb7b82b2010da20');
INSERT INTO "audit_events" VALUES(33,'2026-01-05T09:02:10.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.blinded','019b8d64-4770-76bb-9e78-ef506c5577c5','','da19b02fa552ccc8c21131eac9f1ed3189fdbda4b1a622e0bfb7b82b2010da20','b57d6772745b0ff2df1028d1da2f622a61038f8e70c2495f119d193828bc12ed');
INSERT INTO "audit_events" VALUES(34,'2026-01-05T09:02:13.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','blinding.approved','019b8d64-5ee0-7a04-9ed1-b9363edbfa8c','dd096463759e59cdf94b2bada00ffc2d386b843e75fbffd4b3b9ee0aa8f21e6f','b57d6772745b0ff2df1028d1da2f622a61038f8e70c2495f119d193828bc12ed','eeab188a4ed482bea328bb3e38efc861de169b2fbca3c44a212f2063d07d175b');
INSERT INTO "audit_events" VALUES(35,'2026-01-05T09:02:17.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.created','019b8d64-89d8-7a5f-affb-cc9d50ff4c58','','eeab188a4ed482bea328bb3e38efc861de169b2fbca3c44a212f2063d07d175b','f7944ce37fc5721e680ad3ad2c7122fa77440fcf138b5bb04b0ce1875e6b88bd');
INSERT INTO "audit_events" VALUES(36,'2026-01-05T09:02:24.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','revision.committed','019b8d64-a148-72c9-9f18-bd5b82f1e30d','5a7dc5bf3bfa9c95f8a5133d9c0d0f8ac0d2c7b08ed00122b5cc4403188b2b56','f7944ce37fc5721e680ad3ad2c7122fa77440fcf138b5bb04b0ce1875e6b88bd','32466b5cd708c1211be45f22c264bb259456b8f6a2bb7672dccaa2c9cf831835');
INSERT INTO "audit_events" VALUES(37,'2026-01-05T09:02:28.000000+00:00','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','question.created','019b8d64-b4d0-75f3-a352-689c3310dceb','','32466b5cd708c1211be45f22c264bb259456b8f6a2bb7672dccaa2c9cf831835','5cdcbb1cb197959fae84240f714556813343f69d3afb86ff6450cb4d3d987517');
INSERT INTO "audit_events" VALUES(38,'2026-01-05T09:02:34.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','plan.made','019b8d64-cc40-72c1-b9d1-e9f11e4348c3','','5cdcbb1cb197959fae84240f714556813343f69d3afb86ff6450cb4d3d987517','f144e4a92dc5644fc008b00552f47109aa5229ccdf8bfb94f392b7032c69adcf');
INSERT INTO "audit_events" VALUES(39,'2026-01-05T09:02:35.000000+00:00','019b8d62-b518-7331-b0f7-731443cb6633','person.sat_down','019b8d62-b518-7331-b0f7-731443cb6633','','f144e4a92dc5644fc008b00552f47109aa5229ccdf8bfb94f392b7032c69adcf','0982b32497b93a3d12f04be21a41e89b9fa310468bb9be8483aa4a91cae702d2');
INSERT INTO "audit_events" VALUES(40,'2026-01-05T09:02:38.000000+00:00','019b8d62-b518-7331-b0f7-731443cb6633','sitting.started','019b8d64-dbe0-7966-8a85-64cc91c11ef5','','0982b32497b93a3d12f04be21a41e89b9fa310468bb9be8483aa4a91cae702d2','6fceec94d735c6f37e14eda3db4fd91066f4197c4b3060e6d02ecc529bf355ac');
INSERT INTO "audit_events" VALUES(41,'2026-01-05T09:02:42.000000+00:00','019b8d62-b518-7331-b0f7-731443cb6633','answer.given','019b8d64-e798-71c3-8a6f-265078366b65','2e365f123d3b74fed8bd364eceaef8545d1b4a6fb559c0b8e859c3ee041fbce5','6fceec94d735c6f37e14eda3db4fd91066f4197c4b3060e6d02ecc529bf355ac','890a7d913f84104b9cca19c9c6b264cf381fb04066a01bd059aa55e789836ffa');
INSERT INTO "audit_events" VALUES(42,'2026-01-05T09:02:43.000000+00:00','019b8d62-8250-7598-baf7-2ac39e6327d9','person.sat_down','019b8d62-8250-7598-baf7-2ac39e6327d9','','890a7d913f84104b9cca19c9c6b264cf381fb04066a01bd059aa55e789836ffa','3a6b07b2e7b7755433bba5897ae8e724c1b359d41dad9bac38e8451a4de6eb82');
CREATE TABLE blinding_approvals (
	sequence INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	revision TEXT NOT NULL, 
	approved_by TEXT NOT NULL, 
	approved_at TEXT NOT NULL, 
	similarity FLOAT, 
	notes TEXT NOT NULL, 
	override_reason TEXT NOT NULL, 
	CONSTRAINT pk_blinding_approvals PRIMARY KEY (sequence), 
	CONSTRAINT fk_blinding_approvals_approved_by FOREIGN KEY(approved_by) REFERENCES people (id), 
	CONSTRAINT fk_blinding_approvals_question FOREIGN KEY(question) REFERENCES questions (id), 
	CONSTRAINT fk_blinding_approvals_revision FOREIGN KEY(revision) REFERENCES revisions (id)
);
INSERT INTO "blinding_approvals" VALUES(1,'019b8d62-c0d0-78c1-a458-908f3442d6d1','019b8d62-d840-7c3e-964b-24fda56e721c','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:29.000000+00:00',NULL,'[]','');
INSERT INTO "blinding_approvals" VALUES(2,'019b8d63-0338-7815-8db6-3cc3f519683e','019b8d63-1aa8-705d-94f7-eb2cead79154','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:46.000000+00:00',NULL,'[]','');
INSERT INTO "blinding_approvals" VALUES(3,'019b8d63-45a0-71f6-9f6c-6ef156c3a43d','019b8d63-5d10-7fe8-8aa8-8aa85d73059e','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:01:03.000000+00:00',NULL,'[]','');
INSERT INTO "blinding_approvals" VALUES(4,'019b8d64-4770-76bb-9e78-ef506c5577c5','019b8d64-5ee0-7a04-9ed1-b9363edbfa8c','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:02:09.000000+00:00',NULL,'[]','');
CREATE TABLE bodies (
	revision TEXT NOT NULL, 
	question TEXT NOT NULL, 
	content TEXT NOT NULL, 
	CONSTRAINT pk_bodies PRIMARY KEY (revision), 
	CONSTRAINT fk_bodies_question FOREIGN KEY(question) REFERENCES questions (id), 
	CONSTRAINT fk_bodies_revision FOREIGN KEY(revision) REFERENCES revisions (id)
);
INSERT INTO "bodies" VALUES('019b8d62-d840-7c3e-964b-24fda56e721c','019b8d62-c0d0-78c1-a458-908f3442d6d1','{"asked":{"options":[{"id":"o1","text":"Pneumonia"},{"id":"o2","text":"Pneumothorax"},{"id":"o3","text":"Effusion"},{"id":"o4","text":"Edema"}]},"context":"A 54-year-old with a cough.","format":"single_choice","images":[],"stem":"What does the image show?"}');
INSERT INTO "bodies" VALUES('019b8d63-1aa8-705d-94f7-eb2cead79154','019b8d63-0338-7815-8db6-3cc3f519683e','{"asked":{"options":[{"id":"o1","text":"Pneumonia"},{"id":"o2","text":"Pneumothorax"},{"id":"o3","text":"Effusion"},{"id":"o4","text":"Edema"}]},"context":"A 54-year-old with a cough.","format":"single_choice","images":[],"stem":"What does the image show?"}');
INSERT INTO "bodies" VALUES('019b8d63-5d10-7fe8-8aa8-8aa85d73059e','019b8d63-45a0-71f6-9f6c-6ef156c3a43d','{"asked":{"options":[{"id":"o1","text":"Pneumonia"},{"id":"o2","text":"Pneumothorax"},{"id":"o3","text":"Effusion"},{"id":"o4","text":"Edema"}]},"context":"A 54-year-old with a cough.","format":"single_choice","images":[],"stem":"What does the image show?"}');
INSERT INTO "bodies" VALUES('019b8d64-2060-70b2-8871-a83be2b89fe5','019b8d63-0338-7815-8db6-3cc3f519683e','{"asked":{"options":[{"id":"o1","text":"Pneumonia"},{"id":"o2","text":"Pneumothorax"},{"id":"o3","text":"Effusion"},{"id":"o4","text":"Edema"}]},"context":"A 54-year-old with a cough.","format":"single_choice","images":[],"stem":"What does it show at 60 years?"}');
INSERT INTO "bodies" VALUES('019b8d64-5ee0-7a04-9ed1-b9363edbfa8c','019b8d64-4770-76bb-9e78-ef506c5577c5','{"asked":{"options":[{"id":"o1","text":"Pneumonia"},{"id":"o2","text":"Pneumothorax"},{"id":"o3","text":"Effusion"},{"id":"o4","text":"Edema"}]},"context":"A 54-year-old with a cough.","format":"single_choice","images":[],"stem":"What does the image show?"}');
INSERT INTO "bodies" VALUES('019b8d64-a148-72c9-9f18-bd5b82f1e30d','019b8d64-89d8-7a5f-affb-cc9d50ff4c58','{"asked":{},"context":"A 54-year-old with a cough.","format":"report","images":[],"stem":"What does the image show?"}');
CREATE TABLE clearances (
	sequence INTEGER NOT NULL, 
	original TEXT NOT NULL, 
	cleared TEXT NOT NULL, 
	cleared_by TEXT NOT NULL, 
	cleared_at TEXT NOT NULL, 
	blackouts TEXT NOT NULL, 
	findings TEXT NOT NULL, 
	CONSTRAINT pk_clearances PRIMARY KEY (sequence), 
	CONSTRAINT fk_clearances_cleared FOREIGN KEY(cleared) REFERENCES media (id), 
	CONSTRAINT fk_clearances_cleared_by FOREIGN KEY(cleared_by) REFERENCES people (id)
);
CREATE TABLE draft_bodies (
	question TEXT NOT NULL, 
	content TEXT NOT NULL, 
	labels TEXT NOT NULL, 
	CONSTRAINT pk_draft_bodies PRIMARY KEY (question), 
	CONSTRAINT fk_draft_bodies_question FOREIGN KEY(question) REFERENCES questions (id)
);
INSERT INTO "draft_bodies" VALUES('019b8d64-b4d0-75f3-a352-689c3310dceb','{"asked":{"unit":"mm"},"context":"A 54-year-old with a cough.","format":"numeric","images":[],"stem":"What does the image show?"}','[["capacity","Disease analysis"],["specialty","Pulmonology"]]');
CREATE TABLE draft_keys (
	question TEXT NOT NULL, 
	content TEXT NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_draft_keys PRIMARY KEY (question), 
	CONSTRAINT fk_draft_keys_question FOREIGN KEY(question) REFERENCES questions (id)
);
INSERT INTO "draft_keys" VALUES('019b8d64-b4d0-75f3-a352-689c3310dceb','{"explanation":"Because the image shows it.","format":"numeric","right":{"tolerance":"0.5","value":"12.5"},"rubric":"Names the finding."}','{"citation":"","rights":"","text":""}');
CREATE TABLE foreign_audit (
	workspace TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	sequence INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	person TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	content TEXT NOT NULL, 
	previous TEXT NOT NULL, 
	CONSTRAINT pk_foreign_audit PRIMARY KEY (workspace, hash)
);
CREATE TABLE label_records (
	sequence INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	labels TEXT NOT NULL, 
	assigned_by TEXT NOT NULL, 
	assigned_at TEXT NOT NULL, 
	CONSTRAINT pk_label_records PRIMARY KEY (sequence), 
	CONSTRAINT fk_label_records_assigned_by FOREIGN KEY(assigned_by) REFERENCES people (id), 
	CONSTRAINT fk_label_records_question FOREIGN KEY(question) REFERENCES questions (id)
);
INSERT INTO "label_records" VALUES(1,'019b8d62-c0d0-78c1-a458-908f3442d6d1','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:26.000000+00:00');
INSERT INTO "label_records" VALUES(2,'019b8d63-0338-7815-8db6-3cc3f519683e','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:43.000000+00:00');
INSERT INTO "label_records" VALUES(3,'019b8d63-45a0-71f6-9f6c-6ef156c3a43d','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:01:00.000000+00:00');
INSERT INTO "label_records" VALUES(4,'019b8d64-4770-76bb-9e78-ef506c5577c5','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:02:06.000000+00:00');
INSERT INTO "label_records" VALUES(5,'019b8d64-89d8-7a5f-affb-cc9d50ff4c58','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:02:23.000000+00:00');
CREATE TABLE library_lines (
	question TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	stage TEXT NOT NULL, 
	format TEXT NOT NULL, 
	stem TEXT NOT NULL, 
	labels TEXT NOT NULL, 
	author TEXT NOT NULL, 
	image_count INTEGER NOT NULL, 
	revision_number INTEGER NOT NULL, 
	has_open_draft BOOLEAN NOT NULL, 
	verification_count INTEGER NOT NULL, 
	updated_at TEXT NOT NULL, 
	words TEXT NOT NULL, 
	CONSTRAINT pk_library_lines PRIMARY KEY (question), 
	CONSTRAINT fk_library_lines_question FOREIGN KEY(question) REFERENCES questions (id)
);
INSERT INTO "library_lines" VALUES('019b8d62-c0d0-78c1-a458-908f3442d6d1',1,'verified','single_choice','What does the image show?','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660',0,1,0,2,'2026-01-05T09:01:30.000000+00:00','what does the image show?
a 54-year-old with a cough.
pneumonia
pneumothorax
effusion
edema
disease analysis
pulmonology');
INSERT INTO "library_lines" VALUES('019b8d63-0338-7815-8db6-3cc3f519683e',2,'draft','single_choice','What does it show at 60 years?','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660',0,2,0,0,'2026-01-05T09:01:52.000000+00:00','what does it show at 60 years?
a 54-year-old with a cough.
pneumonia
pneumothorax
effusion
edema
disease analysis
pulmonology');
INSERT INTO "library_lines" VALUES('019b8d63-45a0-71f6-9f6c-6ef156c3a43d',3,'retired','single_choice','What does the image show?','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660',0,1,0,0,'2026-01-05T09:01:57.000000+00:00','what does the image show?
a 54-year-old with a cough.
pneumonia
pneumothorax
effusion
edema
disease analysis
pulmonology');
INSERT INTO "library_lines" VALUES('019b8d64-4770-76bb-9e78-ef506c5577c5',4,'blinded','single_choice','What does the image show?','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660',0,1,0,0,'2026-01-05T09:02:14.000000+00:00','what does the image show?
a 54-year-old with a cough.
pneumonia
pneumothorax
effusion
edema
disease analysis
pulmonology');
INSERT INTO "library_lines" VALUES('019b8d64-89d8-7a5f-affb-cc9d50ff4c58',5,'draft','report','What does the image show?','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660',0,1,0,0,'2026-01-05T09:02:25.000000+00:00','what does the image show?
a 54-year-old with a cough.
disease analysis
pulmonology');
INSERT INTO "library_lines" VALUES('019b8d64-b4d0-75f3-a352-689c3310dceb',6,'draft','numeric','What does the image show?','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','019b8d62-91f0-7b9a-9a6e-dfdb90a03660',0,0,1,0,'2026-01-05T09:02:30.000000+00:00','what does the image show?
a 54-year-old with a cough.
disease analysis
pulmonology');
CREATE TABLE media (
	id TEXT NOT NULL, 
	file_name TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	frame_count INTEGER NOT NULL, 
	modality TEXT NOT NULL, 
	CONSTRAINT pk_media PRIMARY KEY (id)
);
CREATE TABLE "people" (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	roles TEXT NOT NULL, 
	specialty TEXT NOT NULL, 
	years_in_practice INTEGER, 
	specialty_confidence TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	profile_at TEXT NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (id)
);
INSERT INTO "people" VALUES('019b8d62-8250-7598-baf7-2ac39e6327d9','Study lead','["adjudicator","author","lead","reader","verifier"]','',NULL,'{}','2026-01-05T09:00:03.000000+00:00','2026-01-05T09:00:03.000000+00:00');
INSERT INTO "people" VALUES('019b8d62-91f0-7b9a-9a6e-dfdb90a03660','Demo Author','["author"]','',NULL,'{}','2026-01-05T09:00:07.000000+00:00','2026-01-05T09:00:07.000000+00:00');
INSERT INTO "people" VALUES('019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','Demo Verifier 1','["verifier"]','',NULL,'{}','2026-01-05T09:00:10.000000+00:00','2026-01-05T09:00:10.000000+00:00');
INSERT INTO "people" VALUES('019b8d62-a960-77f5-9c76-f9588413782d','Demo Verifier 2','["verifier"]','',NULL,'{}','2026-01-05T09:00:13.000000+00:00','2026-01-05T09:00:13.000000+00:00');
INSERT INTO "people" VALUES('019b8d62-b518-7331-b0f7-731443cb6633','Demo Reader 1','["reader"]','',NULL,'{}','2026-01-05T09:00:16.000000+00:00','2026-01-05T09:00:16.000000+00:00');
CREATE TABLE plans (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	seed BIGINT NOT NULL, 
	revisions TEXT NOT NULL, 
	readers TEXT NOT NULL, 
	rules TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_plans PRIMARY KEY (id)
);
INSERT INTO "plans" VALUES('019b8d64-cc40-72c1-b9d1-e9f11e4348c3','Plan',7,'["019b8d62-d840-7c3e-964b-24fda56e721c"]','["019b8d62-b518-7331-b0f7-731443cb6633"]','{"aids_allowed":false,"asks_confidence":true,"going_back_allowed":false,"time_limit_s":null}','2026-01-05T09:02:33.000000+00:00');
CREATE TABLE questions (
	id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	stage TEXT NOT NULL, 
	author TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	current_revision TEXT, 
	labels TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	CONSTRAINT pk_questions PRIMARY KEY (id), 
	CONSTRAINT fk_questions_author FOREIGN KEY(author) REFERENCES people (id), 
	CONSTRAINT fk_questions_current_revision FOREIGN KEY(current_revision) REFERENCES revisions (id) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT uq_questions_number UNIQUE (number)
);
INSERT INTO "questions" VALUES('019b8d62-c0d0-78c1-a458-908f3442d6d1',1,'verified','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:19.000000+00:00','019b8d62-d840-7c3e-964b-24fda56e721c','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','');
INSERT INTO "questions" VALUES('019b8d63-0338-7815-8db6-3cc3f519683e',2,'draft','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:36.000000+00:00','019b8d64-2060-70b2-8871-a83be2b89fe5','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','');
INSERT INTO "questions" VALUES('019b8d63-45a0-71f6-9f6c-6ef156c3a43d',3,'retired','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:53.000000+00:00','019b8d63-5d10-7fe8-8aa8-8aa85d73059e','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','');
INSERT INTO "questions" VALUES('019b8d64-4770-76bb-9e78-ef506c5577c5',4,'blinded','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:01:59.000000+00:00','019b8d64-5ee0-7a04-9ed1-b9363edbfa8c','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','');
INSERT INTO "questions" VALUES('019b8d64-89d8-7a5f-affb-cc9d50ff4c58',5,'draft','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:02:16.000000+00:00','019b8d64-a148-72c9-9f18-bd5b82f1e30d','[["capacity","Disease analysis"],["specialty","Pulmonology"]]','');
INSERT INTO "questions" VALUES('019b8d64-b4d0-75f3-a352-689c3310dceb',6,'draft','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:02:27.000000+00:00',NULL,'[]','');
CREATE TABLE revision_keys (
	revision TEXT NOT NULL, 
	content TEXT NOT NULL, 
	CONSTRAINT pk_revision_keys PRIMARY KEY (revision), 
	CONSTRAINT fk_revision_keys_revision FOREIGN KEY(revision) REFERENCES revisions (id)
);
INSERT INTO "revision_keys" VALUES('019b8d62-d840-7c3e-964b-24fda56e721c','{"explanation":"Because the image shows it.","format":"single_choice","right":{"option":"o2"},"rubric":"Names the finding."}');
INSERT INTO "revision_keys" VALUES('019b8d63-1aa8-705d-94f7-eb2cead79154','{"explanation":"Because the image shows it.","format":"single_choice","right":{"option":"o2"},"rubric":"Names the finding."}');
INSERT INTO "revision_keys" VALUES('019b8d63-5d10-7fe8-8aa8-8aa85d73059e','{"explanation":"Because the image shows it.","format":"single_choice","right":{"option":"o2"},"rubric":"Names the finding."}');
INSERT INTO "revision_keys" VALUES('019b8d64-2060-70b2-8871-a83be2b89fe5','{"explanation":"Because the image shows it.","format":"single_choice","right":{"option":"o2"},"rubric":"Names the finding."}');
INSERT INTO "revision_keys" VALUES('019b8d64-5ee0-7a04-9ed1-b9363edbfa8c','{"explanation":"Because the image shows it.","format":"single_choice","right":{"option":"o2"},"rubric":"Names the finding."}');
INSERT INTO "revision_keys" VALUES('019b8d64-a148-72c9-9f18-bd5b82f1e30d','{"explanation":"Because the image shows it.","format":"report","right":{"reference":"The lungs are clear. The heart is of normal size."},"rubric":"Names the finding."}');
CREATE TABLE "revisions" (
	id TEXT NOT NULL, 
	question TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	author TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	parent TEXT, 
	merged_parent TEXT, 
	CONSTRAINT pk_revisions PRIMARY KEY (id), 
	CONSTRAINT fk_revisions_question FOREIGN KEY(question) REFERENCES questions (id), 
	CONSTRAINT uq_revisions_question_number UNIQUE (question, number), 
	CONSTRAINT fk_revisions_parent FOREIGN KEY(parent) REFERENCES revisions (id), 
	CONSTRAINT fk_revisions_author FOREIGN KEY(author) REFERENCES people (id), 
	CONSTRAINT fk_revisions_merged_parent FOREIGN KEY(merged_parent) REFERENCES revisions (id)
);
INSERT INTO "revisions" VALUES('019b8d62-d840-7c3e-964b-24fda56e721c','019b8d62-c0d0-78c1-a458-908f3442d6d1',1,'019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:25.000000+00:00','',NULL,NULL);
INSERT INTO "revisions" VALUES('019b8d63-1aa8-705d-94f7-eb2cead79154','019b8d63-0338-7815-8db6-3cc3f519683e',1,'019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:42.000000+00:00','',NULL,NULL);
INSERT INTO "revisions" VALUES('019b8d63-5d10-7fe8-8aa8-8aa85d73059e','019b8d63-45a0-71f6-9f6c-6ef156c3a43d',1,'019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:59.000000+00:00','',NULL,NULL);
INSERT INTO "revisions" VALUES('019b8d64-2060-70b2-8871-a83be2b89fe5','019b8d63-0338-7815-8db6-3cc3f519683e',2,'019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:01:49.000000+00:00','','019b8d63-1aa8-705d-94f7-eb2cead79154',NULL);
INSERT INTO "revisions" VALUES('019b8d64-5ee0-7a04-9ed1-b9363edbfa8c','019b8d64-4770-76bb-9e78-ef506c5577c5',1,'019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:02:05.000000+00:00','',NULL,NULL);
INSERT INTO "revisions" VALUES('019b8d64-a148-72c9-9f18-bd5b82f1e30d','019b8d64-89d8-7a5f-affb-cc9d50ff4c58',1,'019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:02:22.000000+00:00','',NULL,NULL);
CREATE TABLE "runs" (
	id TEXT NOT NULL, 
	spec TEXT NOT NULL, 
	spec_hash TEXT NOT NULL, 
	status TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	finished_at TEXT, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
);
CREATE TABLE scores (
	answer TEXT NOT NULL, 
	scorer TEXT NOT NULL, 
	version TEXT NOT NULL, 
	state TEXT NOT NULL, 
	value FLOAT, 
	details TEXT NOT NULL, 
	CONSTRAINT pk_scores PRIMARY KEY (answer, scorer, version), 
	CONSTRAINT fk_scores_answer FOREIGN KEY(answer) REFERENCES answers (id)
);
CREATE TABLE settings (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY (name)
);
INSERT INTO "settings" VALUES('me','019b8d62-8250-7598-baf7-2ac39e6327d9');
CREATE TABLE sittings (
	id TEXT NOT NULL, 
	"plan" TEXT NOT NULL, 
	reader TEXT NOT NULL, 
	"order" TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	spent_s FLOAT NOT NULL, 
	idle_s FLOAT NOT NULL, 
	finished_at TEXT, 
	CONSTRAINT pk_sittings PRIMARY KEY (id), 
	CONSTRAINT fk_sittings_plan FOREIGN KEY("plan") REFERENCES plans (id), 
	CONSTRAINT fk_sittings_reader FOREIGN KEY(reader) REFERENCES people (id)
);
INSERT INTO "sittings" VALUES('019b8d64-dbe0-7966-8a85-64cc91c11ef5','019b8d64-cc40-72c1-b9d1-e9f11e4348c3','019b8d62-b518-7331-b0f7-731443cb6633','["019b8d62-d840-7c3e-964b-24fda56e721c"]','2026-01-05T09:02:37.000000+00:00',1,0.0,0.0,'2026-01-05T09:02:41.000000+00:00');
CREATE TABLE "sources" (
	sequence INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	content TEXT NOT NULL, 
	set_at TEXT NOT NULL, 
	CONSTRAINT pk_sources PRIMARY KEY (sequence), 
	CONSTRAINT fk_sources_question FOREIGN KEY(question) REFERENCES questions (id)
);
CREATE TABLE stage_bases (
	question TEXT NOT NULL, 
	move TEXT NOT NULL, 
	CONSTRAINT pk_stage_bases PRIMARY KEY (question), 
	CONSTRAINT fk_stage_bases_question FOREIGN KEY(question) REFERENCES questions (id)
);
CREATE TABLE "stage_moves" (
	sequence INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	start TEXT NOT NULL, 
	"end" TEXT NOT NULL, 
	person TEXT NOT NULL, 
	moved_at TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	id TEXT NOT NULL, 
	previous TEXT NOT NULL, 
	CONSTRAINT pk_stage_moves PRIMARY KEY (sequence), 
	CONSTRAINT fk_stage_moves_person FOREIGN KEY(person) REFERENCES people (id), 
	CONSTRAINT fk_stage_moves_question FOREIGN KEY(question) REFERENCES questions (id)
);
INSERT INTO "stage_moves" VALUES(1,'019b8d62-c0d0-78c1-a458-908f3442d6d1','draft','blinded','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:29.000000+00:00','','61bdadb3f34161e8baea954578a12fe541bb69d5bf9eb55b568abf4b6002b33b','');
INSERT INTO "stage_moves" VALUES(2,'019b8d63-0338-7815-8db6-3cc3f519683e','draft','blinded','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:00:46.000000+00:00','','8b82c67c59631059bc6f94a8f68a703607c10773853d0831c6b761fabac8c899','');
INSERT INTO "stage_moves" VALUES(3,'019b8d63-45a0-71f6-9f6c-6ef156c3a43d','draft','blinded','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:01:03.000000+00:00','','7e3fdb7ba69d601947e21fcf041cf6c0ac9a3b33e89731ad4ec44dba4416f07a','');
INSERT INTO "stage_moves" VALUES(4,'019b8d62-c0d0-78c1-a458-908f3442d6d1','blinded','in_verification','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','2026-01-05T09:01:12.000000+00:00','','36779d9567e80a54971bdcae4987dd6887c0a0b702ffe26772de8dbea6a6515c','61bdadb3f34161e8baea954578a12fe541bb69d5bf9eb55b568abf4b6002b33b');
INSERT INTO "stage_moves" VALUES(5,'019b8d62-c0d0-78c1-a458-908f3442d6d1','in_verification','verified','019b8d62-8250-7598-baf7-2ac39e6327d9','2026-01-05T09:01:26.000000+00:00','','a35eaed7783c0d172298083384be77041961d8ad543d50b372a6e23b82b3fa34','36779d9567e80a54971bdcae4987dd6887c0a0b702ffe26772de8dbea6a6515c');
INSERT INTO "stage_moves" VALUES(6,'019b8d63-0338-7815-8db6-3cc3f519683e','blinded','in_verification','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','2026-01-05T09:01:34.000000+00:00','','931376f5828389907df248c92835179f20a621a14d07db8ca18d5ccc875dd90f','8b82c67c59631059bc6f94a8f68a703607c10773853d0831c6b761fabac8c899');
INSERT INTO "stage_moves" VALUES(7,'019b8d63-0338-7815-8db6-3cc3f519683e','in_verification','draft','019b8d62-8250-7598-baf7-2ac39e6327d9','2026-01-05T09:01:41.000000+00:00','The stem needs an age.','3673d3cea5096de5d0c90385b0c609de41a11b8ffc773cbf9246eb02898e9191','931376f5828389907df248c92835179f20a621a14d07db8ca18d5ccc875dd90f');
INSERT INTO "stage_moves" VALUES(8,'019b8d63-45a0-71f6-9f6c-6ef156c3a43d','blinded','retired','019b8d62-8250-7598-baf7-2ac39e6327d9','2026-01-05T09:01:53.000000+00:00','Out of date.','9e848f94d24a71df84b1f38b973eedda3846b9bdac463a54ed9ef75cfd839910','7e3fdb7ba69d601947e21fcf041cf6c0ac9a3b33e89731ad4ec44dba4416f07a');
INSERT INTO "stage_moves" VALUES(9,'019b8d64-4770-76bb-9e78-ef506c5577c5','draft','blinded','019b8d62-91f0-7b9a-9a6e-dfdb90a03660','2026-01-05T09:02:09.000000+00:00','','904bd34f1e7c78ba0339edb17a401752273568e26fd54be8c3294f93b7d52cc1','');
CREATE TABLE verifications (
	id TEXT NOT NULL, 
	question TEXT NOT NULL, 
	revision TEXT NOT NULL, 
	verifier TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	gates TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	comment TEXT NOT NULL, 
	verified_at TEXT NOT NULL, 
	CONSTRAINT pk_verifications PRIMARY KEY (id), 
	CONSTRAINT fk_verifications_answer FOREIGN KEY(answer) REFERENCES answers (id), 
	CONSTRAINT fk_verifications_question FOREIGN KEY(question) REFERENCES questions (id), 
	CONSTRAINT fk_verifications_revision FOREIGN KEY(revision) REFERENCES revisions (id), 
	CONSTRAINT fk_verifications_verifier FOREIGN KEY(verifier) REFERENCES people (id)
);
INSERT INTO "verifications" VALUES('019b8d63-9f78-743a-9c85-aed8e8f4fa1f','019b8d62-c0d0-78c1-a458-908f3442d6d1','019b8d62-d840-7c3e-964b-24fda56e721c','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','019b8d63-8808-73fe-a1a2-877dbd93f3c3','[["self_contained","yes",""],["one_best_answer","yes",""],["key_right","yes",""],["clinically_valid","yes",""],["image_text_agree","yes",""],["image_needed","yes",""],["labels_right","yes",""],["wording_far","yes",""],["no_identifiers","yes",""],["rights_cleared","yes",""]]','accept','','2026-01-05T09:01:16.000000+00:00');
INSERT INTO "verifications" VALUES('019b8d63-bad0-7e71-b924-de1b5a3e813e','019b8d62-c0d0-78c1-a458-908f3442d6d1','019b8d62-d840-7c3e-964b-24fda56e721c','019b8d62-a960-77f5-9c76-f9588413782d','019b8d63-af18-75f8-9c4f-f49d9fc5b5de','[["self_contained","yes",""],["one_best_answer","yes",""],["key_right","yes",""],["clinically_valid","yes",""],["image_text_agree","yes",""],["image_needed","yes",""],["labels_right","yes",""],["wording_far","yes",""],["no_identifiers","yes",""],["rights_cleared","yes",""]]','accept','','2026-01-05T09:01:23.000000+00:00');
INSERT INTO "verifications" VALUES('019b8d63-f568-7ee9-9a80-05b5a8198c1c','019b8d63-0338-7815-8db6-3cc3f519683e','019b8d63-1aa8-705d-94f7-eb2cead79154','019b8d62-9da8-7e36-b706-7f4a5b8fd2f2','019b8d63-ddf8-7076-816f-06a5d6d963be','[["self_contained","yes",""],["one_best_answer","yes",""],["key_right","yes",""],["clinically_valid","yes",""],["image_text_agree","yes",""],["image_needed","yes",""],["labels_right","yes",""],["wording_far","yes",""],["no_identifiers","yes",""],["rights_cleared","yes",""]]','revise','The stem needs an age.','2026-01-05T09:01:38.000000+00:00');
CREATE TABLE waiting_records (
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	content TEXT NOT NULL, 
	CONSTRAINT pk_waiting_records PRIMARY KEY (kind, id)
);
CREATE INDEX ix_clearances_cleared ON clearances (cleared);
CREATE INDEX ix_questions_stage ON questions (stage);
CREATE INDEX ix_label_records_question ON label_records (question);
CREATE INDEX ix_library_lines_number ON library_lines (number);
CREATE INDEX ix_library_lines_stage_number ON library_lines (stage, number);
CREATE INDEX ix_answers_occasion_occasion_id ON answers (occasion, occasion_id);
CREATE INDEX ix_answers_revision_occasion ON answers (revision, occasion);
CREATE INDEX ix_blinding_approvals_question ON blinding_approvals (question);
CREATE INDEX ix_verifications_revision ON verifications (revision);
CREATE INDEX ix_verifications_verifier ON verifications (verifier);
CREATE INDEX ix_sources_question ON sources (question);
CREATE INDEX ix_stage_moves_question ON stage_moves (question);
CREATE INDEX ix_runs_spec_hash ON runs (spec_hash);
CREATE INDEX ix_questions_origin ON questions (origin) WHERE origin <> '';
COMMIT;
