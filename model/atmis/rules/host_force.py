"""ODD 7.2 Host force: Somali forces grow, man the bases they hold, and ripen there."""

from atmis.compiled import rule
from atmis.rules.drawdown import stands


@rule
def build(world, state, record, day):
    """Host forces train, suffer shocks, fill garrisons and gain readiness."""
    train(state)
    suffer_shocks(state, day)
    fill(world, state, record, day)
    ripen(world, state)


@rule
def train(state):
    """New troops join the pool of each force."""
    for force in range(state.forces.size):
        state.forces.pool[force] += state.forces.rate[force]


@rule
def suffer_shocks(state, day):
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


@rule
def force_garrisons(state, force):
    """Troops of a force at its bases."""
    total = 0.0
    for base in range(state.bases.size):
        if state.bases.holder[base] == state.contingents.size + force:
            total += state.bases.garrison[base]
    return total


@rule
def fill(world, state, record, day):
    """A force sends what its pool can spare to the bases that lack troops, in proportion to what they lack."""
    bases, pool = state.bases, state.forces.pool
    for force in range(pool.size):
        holder = state.contingents.size + force
        lacking = 0.0
        for base in range(bases.size):
            if bases.holder[base] == holder and stands(bases, base):
                lacking += max(state.bases.need[base] - bases.garrison[base], 0.0)
        record.days.host_shortfall[day] += lacking
        if lacking > 0.0:
            spare = max(pool[force] - committed(state, force, day), 0.0)
            share = min(1.0, spare / lacking) / world.host.garrisons.filling_days
            for base in range(bases.size):
                if bases.holder[base] == holder and stands(bases, base):
                    coming = share * max(state.bases.need[base] - bases.garrison[base], 0.0)
                    bases.garrison[base] += coming
                    pool[force] -= coming


@rule
def committed(state, force, day):
    """Troops of a force that offensives keep."""
    total = 0.0
    for k in range(state.commitments.size):
        if state.commitments.force[k] == force and state.commitments.start[k] <= day <= state.commitments.end[k]:
            total += state.commitments.troops[k]
    return total


@rule
def ripen(world, state):
    """Readiness of a host base grows toward its ceiling; a shaken base of the mission recovers."""
    readiness, bases = world.host.readiness, state.bases
    contingents, forces = state.contingents.size, state.forces.size
    for base in range(bases.size):
        if bases.holder[base] < contingents:
            bases.readiness[base] += (1.0 - bases.readiness[base]) / world.society.presence.recovery_days
        elif bases.holder[base] < contingents + forces:
            bases.readiness[base] += (readiness.ceiling - bases.readiness[base]) / readiness.growth_days
