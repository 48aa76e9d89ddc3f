"""ODD 7.2 Host force: Somali forces grow, man the bases they hold, and gain readiness there."""

from atmis.kernel.compiled import fill, inlined
from atmis.kernel.rules.drawdown import stands


@inlined
def advance(params, state, record, day):
    """Host forces train, suffer shocks, fill garrisons and gain readiness."""
    train(state)
    apply_shocks(state, day)
    plan_reinforcements(params, state, record, day)
    growth, recovery = 1.0 / params.host.readiness.growth_days, 1.0 / params.society.presence.recovery_days
    for base in range(state.bases.size):
        reinforce(state, base)
        update_readiness(params, state, base, growth, recovery)


@inlined
def train(state):
    """New troops join the pool of each force."""
    for force in range(state.forces.size):
        state.forces.pool[force] += state.forces.rate[force]


@inlined
def apply_shocks(state, day):
    """On the date of a political shock a force loses troops and readiness."""
    bases = state.bases
    for shock in range(state.shocks.size):
        if state.shocks.day[shock] == day:
            force = state.shocks.force[shock]
            lost = min(state.forces.pool[force], float(state.shocks.troops[shock]))
            state.forces.pool[force] -= lost
            rest = state.shocks.troops[shock] - lost
            manned = force_garrisons(state, force)
            for base in range(bases.size):
                if bases.holder[base] == state.contingents.size + force:
                    bases.readiness[base] *= 1.0 - state.shocks.readiness[shock]
                    if manned > 0.0:
                        bases.garrison[base] *= max(0.0, 1.0 - rest / manned)


@inlined
def force_garrisons(state, force):
    """Troops of a force at its bases."""
    total = 0.0
    for base in range(state.bases.size):
        if state.bases.holder[base] == state.contingents.size + force:
            total += state.bases.garrison[base]
    return total


@inlined
def plan_reinforcements(params, state, record, day):
    """Decide what share of the missing troops each force sends to its bases today, from its pool."""
    bases, forces, contingents = state.bases, state.forces, state.contingents.size
    fill(forces.lacking, 0.0)
    for base in range(bases.size):
        if is_host(state, base) and stands(bases, base):
            forces.lacking[bases.holder[base] - contingents] += shortfall(bases, base)
    for force in range(forces.size):
        record.days.host_shortfall[day] += forces.lacking[force]
        spare = max(forces.pool[force] - committed(state, force, day), 0.0)
        enough = min(1.0, spare / forces.lacking[force]) if forces.lacking[force] > 0.0 else 0.0
        forces.share[force] = enough / params.host.garrisons.filling_days


@inlined
def reinforce(state, base):
    """Send a base of a host force its share of the troops that it lacks."""
    bases, forces = state.bases, state.forces
    if is_host(state, base) and stands(bases, base):
        force = bases.holder[base] - state.contingents.size
        coming = forces.share[force] * shortfall(bases, base)
        bases.garrison[base] += coming
        forces.pool[force] -= coming


@inlined
def shortfall(bases, base):
    """Troops that a base lacks."""
    return max(bases.need[base] - bases.garrison[base], 0.0)


@inlined
def is_host(state, base):
    """Whether a host force holds a base."""
    return 0 <= state.bases.holder[base] - state.contingents.size < state.forces.size


@inlined
def committed(state, force, day):
    """Troops of a force that offensives keep."""
    total = 0.0
    for k in range(state.commitments.size):
        if state.commitments.force[k] == force and state.commitments.start[k] <= day <= state.commitments.end[k]:
            total += state.commitments.troops[k]
    return total


@inlined
def update_readiness(params, state, base, growth, recovery):
    """Update readiness: that of a host base grows toward its ceiling; a shaken base of the mission recovers."""
    bases = state.bases
    if is_host(state, base):
        bases.readiness[base] += (params.host.readiness.ceiling - bases.readiness[base]) * growth
    elif bases.holder[base] < state.contingents.size:
        bases.readiness[base] += (1.0 - bases.readiness[base]) * recovery
