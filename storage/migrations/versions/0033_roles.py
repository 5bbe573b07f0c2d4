"""Roles are data: what each gives, own ones beside the built-in ones, and departments that have roles too.

The built-in roles get the rights that they had when they were code, so nobody loses any.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
MOMENT = sa.DateTime(timezone=True)
KINDS = ('contact', 'company', 'lead', 'deal')
ACTS = ('see', 'create', 'edit', 'delete', 'export')


def upgrade() -> None:
    roles = op.create_table(
        'role',
        sa.Column('id', BIG, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('built_in', sa.String(32), nullable=True),
        sa.Column('rights', JSON, nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('changed_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
        sa.UniqueConstraint('name', name=op.f('uq_role_name')),
        sa.UniqueConstraint('built_in', name=op.f('uq_role_built_in')),
        sqlite_autoincrement=True,
    )
    now = datetime.now(UTC)
    moments = {'created_at': now, 'changed_at': now}
    op.bulk_insert(
        roles,
        [{'name': name.capitalize(), 'built_in': name, 'rights': rights, **moments} for name, rights in BUILT_IN.items()],
    )
    op.create_table(
        'department',
        sa.Column('id', BIG, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('parent_id', BIG, nullable=True),
        sa.Column('role_id', BIG, nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_department_role_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_department')),
        sa.UniqueConstraint('name', name=op.f('uq_department_name')),
        sqlite_autoincrement=True,
    )
    op.create_table(
        'department_member',
        sa.Column('id', BIG, nullable=False),
        sa.Column('department_id', BIG, nullable=False),
        sa.Column('user_id', BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ['department_id'], ['department.id'], name=op.f('fk_department_member_department_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_department_member_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_department_member')),
        sa.UniqueConstraint('department_id', 'user_id', name=op.f('uq_department_member_department_id_user_id')),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_department_member_user_id'), 'department_member', ['user_id'])
    op.add_column('user', sa.Column('role_id', BIG, nullable=True))


def downgrade() -> None:
    # Guests read everything, which these people may not: they come in again when an administrator has given them a role.
    op.execute("UPDATE \"user\" SET role = 'guest', active = false WHERE role IN ('own', 'none')")
    op.drop_column('user', 'role_id')
    for table in ('department_member', 'department', 'role'):
        op.drop_table(table)


def _rights(see: str, change: str, **others: object) -> dict[str, object]:
    reach = {act: see if act == 'see' else change for act in ACTS}
    plain = {'works': False, 'campaigns': 'none', 'connects': 'none', 'settings': False, 'oversees': False}
    return {'records': {kind: reach for kind in KINDS}, 'pipelines': {}, 'fields': {}, **plain, **others}


COLLEAGUE = {'works': True, 'campaigns': 'write', 'connects': 'own'}
BUILT_IN = {
    'administrator': _rights('all', 'all', **{**COLLEAGUE, 'connects': 'shared', 'settings': True, 'oversees': True}),
    'manager': _rights('all', 'all', **COLLEAGUE, oversees=True),
    'seller': _rights('all', 'all', **COLLEAGUE),
    'consultant': _rights('all', 'all', **COLLEAGUE),
    'guest': _rights('all', 'none', campaigns='read'),
    'none': _rights('none', 'none'),
}
