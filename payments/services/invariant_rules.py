"""What must hold of money, receipts and cover: each rule with the statement that finds breaches.

Each is one statement, so it sees one moment: crediting is one transaction, and a payment half
credited is never seen. The database's own constraints hold several of them; a rule that is held
twice is how a dropped constraint is noticed. Each selects one column: what the rows are called.
An attempt that began before `%(overdue_at)s` and is undecided must be a case.
"""

_OF_MONEY = {
    "a transaction is credited once": """
        SELECT fpx_transaction_id FROM payments_payment WHERE status = 'succeeded'
        GROUP BY fpx_transaction_id HAVING count(*) > 1
        UNION
        SELECT fpx_transaction_id FROM receipts_receipt WHERE voided_at IS NULL
        GROUP BY fpx_transaction_id HAVING count(*) > 1
    """,
    "a success has its receipt and cover, or its double-payment case": """
        SELECT reference FROM payments_payment p
        WHERE status = 'succeeded' AND NOT EXISTS (
            SELECT FROM receipts_receipt r
            JOIN contributions_coverageperiod c USING (contribution_id)
            WHERE r.payment_reference = p.reference
        ) AND NOT EXISTS (
            SELECT FROM payments_paymentcase WHERE payment_id = p.id AND kind = 'double_payment'
        )
    """,
    "a double-payment case is of a success, without a receipt while it is open": """
        SELECT p.reference FROM payments_paymentcase k
        JOIN payments_payment p ON p.id = k.payment_id
        WHERE k.kind = 'double_payment' AND (
            p.status <> 'succeeded' OR k.closed_at IS NULL AND EXISTS (
                SELECT FROM receipts_receipt WHERE payment_reference = p.reference
            )
        )
    """,
    "money taken twice went back whole or bought a period": """
        SELECT p.reference FROM payments_paymentcase k
        JOIN payments_payment p ON p.id = k.payment_id
        LEFT JOIN receipts_receipt r
            ON r.payment_reference = p.reference AND r.contribution_id IS NOT NULL
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE of.kind <> 'rejected_paid') AS promises,
                coalesce(sum(amount) FILTER (WHERE f.status = 'done'), 0) AS returned
            FROM payments_refund f JOIN payments_paymentcase of ON of.id = f.case_id
            WHERE f.payment_id = p.id AND f.status <> 'refused'
        ) f ON true
        WHERE k.kind = 'double_payment' AND k.status = 'closed' AND (
            k.resolution = 'refunded' AND (f.returned <> p.amount OR r.id IS NOT NULL)
            OR k.resolution = 'next_period' AND (f.promises <> 0 OR r.id IS NULL)
        )
    """,
    "refunds are approved by another and never above what was paid": """
        SELECT p.reference FROM payments_payment p JOIN payments_refund f ON f.payment_id = p.id
        WHERE f.status <> 'refused' GROUP BY p.id HAVING sum(f.amount) > p.amount
        UNION
        SELECT p.reference FROM payments_payment p JOIN payments_refund f ON f.payment_id = p.id
        WHERE f.approved_by_id = f.requested_by_id
            OR f.approved_by_id IS NULL AND f.status NOT IN ('requested', 'refused')
    """,
    "a case has an open refund just while it says so": """
        SELECT 'case ' || k.id FROM payments_paymentcase k
        WHERE (k.status = 'refunding') <> EXISTS (
            SELECT FROM payments_refund
            WHERE case_id = k.id AND status NOT IN ('done', 'refused')
        )
    """,
    "a success was told by FPX": """
        SELECT reference FROM payments_payment p
        WHERE status = 'succeeded' AND NOT EXISTS (
            SELECT FROM payments_gatewaymessage WHERE payment_id = p.id AND verdict = 'accepted'
        )
    """,
    "undecided for three days is a case": """
        SELECT reference FROM payments_payment p
        WHERE status IN ('started', 'pending') AND started_at <= %(overdue_at)s AND NOT EXISTS (
            SELECT FROM payments_paymentcase
            WHERE payment_id = p.id AND kind = 'undecided' AND closed_at IS NULL
        )
    """,
    "a payment stands where its history ends": """
        SELECT reference FROM payments_payment p LEFT JOIN (
            SELECT DISTINCT ON (payment_id) payment_id, to_status
            FROM payments_paymentstatuschange ORDER BY payment_id, id DESC
        ) h ON h.payment_id = p.id
        WHERE p.status <> coalesce(h.to_status, 'started')
    """,
    "money given back before it was credited is a case": """
        SELECT p.reference FROM payments_payment p
        WHERE p.status = 'succeeded' AND EXISTS (
            SELECT FROM payments_refund f JOIN payments_paymentcase k ON k.id = f.case_id
            WHERE f.payment_id = p.id AND f.status <> 'refused'
                AND k.kind IN ('anomaly', 'settlement') AND f.requested_at < p.credited_at
        ) AND NOT EXISTS (
            SELECT FROM payments_paymentcase
            WHERE payment_id = p.id AND starts_with(detail, 'paid although')
        )
    """,
}
_OF_COVER = {
    "a receipt is of one success, of its amount": """
        SELECT number FROM receipts_receipt r
        JOIN contributions_contribution o ON o.id = r.contribution_id
        LEFT JOIN payments_payment p
            ON p.reference = r.payment_reference AND p.status = 'succeeded'
        WHERE p.id IS NULL OR r.amount <> p.amount OR r.amount <> o.amount
        UNION
        SELECT payment_reference FROM receipts_receipt WHERE voided_at IS NULL
        GROUP BY payment_reference HAVING count(*) > 1
    """,
    "paid, receipt and cover come together": """
        SELECT o.public_id::text FROM contributions_contribution o
        LEFT JOIN receipts_receipt r ON r.contribution_id = o.id
        LEFT JOIN contributions_coverageperiod c ON c.contribution_id = o.id
        WHERE (o.status = 'paid') <> (r.id IS NOT NULL) OR (o.status = 'paid') <> (c.id IS NOT NULL)
    """,
    "periods of one person and sector never overlap": """
        SELECT 'period ' || id FROM (
            SELECT id, coverage_starts_at, max(coverage_ends_at) OVER (
                PARTITION BY person, sector ORDER BY coverage_starts_at, id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS covered_until FROM contributions_coverageperiod
        ) periods
        WHERE coverage_starts_at < covered_until
    """,
    "a receipt's moment is the one chosen when crediting": """
        SELECT r.number FROM receipts_receipt r
        JOIN contributions_coverageperiod c USING (contribution_id)
        LEFT JOIN contributions_contributionstatuschange h
            ON h.contribution_id = r.contribution_id AND h.to_status = 'paid'
        WHERE r.issued_at IS DISTINCT FROM h.at
            OR r.issued_at <> date_trunc('second', r.issued_at)
            OR r.issued_at > r.coverage_starts_at
            OR r.issued_at <> r.coverage_starts_at AND c.anchor_at = c.coverage_starts_at
            OR r.coverage_starts_at <> c.coverage_starts_at
            OR r.coverage_ends_at <> c.coverage_ends_at
    """,
    "a receipt's number is its own, of its year": """
        SELECT number FROM receipts_receipt WHERE number !~ (
            '^SPS-' || to_char(issued_at AT TIME ZONE 'Asia/Kuala_Lumpur', 'YYYY') || '-[0-9]{8}$'
        )
        UNION
        SELECT number FROM receipts_receipt GROUP BY number HAVING count(*) > 1
    """,
    "a receipt is of its contribution's payment, or of money paid twice for one alike": """
        SELECT r.number FROM receipts_receipt r
        JOIN payments_payment p ON p.reference = r.payment_reference
        JOIN contributions_contribution o ON o.id = r.contribution_id
        JOIN contributions_contribution paid ON paid.id = p.contribution_id
        WHERE r.fpx_transaction_id <> p.fpx_transaction_id OR o.id <> paid.id AND (
            (o.registration_id, o.plan_number, o.months, o.amount)
                <> (paid.registration_id, paid.plan_number, paid.months, paid.amount)
            OR NOT EXISTS (
                SELECT FROM payments_paymentcase
                WHERE payment_id = p.id AND resolution = 'next_period'
                    AND date_trunc('second', closed_at) = r.issued_at
            )
        )
    """,
    "receipt and cover are of the registered person, for what was owed": """
        SELECT r.number FROM contributions_contribution o
        JOIN registration_registration g ON g.id = o.registration_id
        JOIN receipts_receipt r ON r.contribution_id = o.id
        JOIN contributions_coverageperiod c ON c.contribution_id = o.id
        JOIN accounts_user u ON u.id = g.user_id
        WHERE (r.user_id, r.sector) <> (g.user_id, g.sector)
            OR c.person IS DISTINCT FROM u.ic_number_index
            OR (c.user_id, c.sector) <> (g.user_id, g.sector)
            OR (r.plan_number, r.months, r.insured_monthly_earnings)
                <> (o.plan_number, o.months, o.insured_monthly_earnings)
    """,
    "cover is as long as what was paid, counted from its anchor": """
        SELECT 'period ' || id FROM (
            SELECT c.*, o.months,
                lag(coverage_ends_at) OVER chain AS covered_until,
                lag(anchor_at) OVER chain AS last_anchor_at,
                lag(months_from_anchor) OVER chain AS months_before
            FROM contributions_coverageperiod c
            JOIN contributions_contribution o ON o.id = c.contribution_id
            WINDOW chain AS (PARTITION BY c.person, c.sector ORDER BY coverage_starts_at, c.id)
        ) periods
        WHERE coverage_ends_at AT TIME ZONE 'Asia/Kuala_Lumpur' <> (
            anchor_at AT TIME ZONE 'Asia/Kuala_Lumpur'
            + make_interval(months => months_from_anchor::int)
        ) OR (
            (coverage_starts_at, months_from_anchor) = (anchor_at, months)
            OR (coverage_starts_at, anchor_at) = (covered_until, last_anchor_at)
                AND months_from_anchor = months_before + months
        ) IS NOT TRUE
    """,
    "a receipt's moment is one that its payment knows": """
        SELECT r.number FROM receipts_receipt r
        JOIN payments_payment p
            ON p.reference = r.payment_reference AND p.contribution_id = r.contribution_id
        JOIN (
            SELECT payment_id, min(received_at) AS first_at, max(received_at) AS last_at
            FROM payments_gatewaymessage WHERE verdict IN ('accepted', 'repeated')
            GROUP BY payment_id
        ) told ON told.payment_id = p.id
        WHERE r.issued_at > told.last_at
            OR r.issued_at < date_trunc('second', least(told.first_at, p.fpx_transaction_at))
            OR r.issued_at < p.started_at - interval '5 minutes' AND NOT EXISTS (
                SELECT FROM payments_paymentcase WHERE payment_id = p.id AND kind = 'anomaly'
            )
    """,
}
RULES = _OF_MONEY | _OF_COVER
