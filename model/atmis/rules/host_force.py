"""ODD 7.2 Host force: Somali forces grow, man the bases they hold, and ripen there."""

from atmis.compiled import rule
from atmis.rules.drawdown import stands


@rule
def build(world, state, record, day):
    """Host forces train, suffer shocks, fill garrisons and gain readiness."""
    train(world, state)
    suffer_shocks(world, state, day)
    fill(world, state, record, day)
    ripen(world, state)


@rule
def train(world, state):
    """New troops join the pool of each force."""
    for force in range(state.mission.pool.size):
        state.mission.pool[force] += world.ground.force_rate[force]


@rule
def suffer_shocks(world, state, day):
    """On the date of a political shock a force loses troops and readiness."""
    calendar, bases = world.calendar, state.bases
    for shock in range(calendar.shock_day.size):
        if calendar.shock_day[shock] == day:
            force = calendar.shock_force[shock]
            lost = min(state.mission.pool[force], float(calendar.shock_troops[shock]))
            state.mission.pool[force] -= lost
            rest = calendar.shock_troops[shock] - lost
            manned = force_garrisons(world, state, force)
            for base in range(bases.holder.size):
                if bases.holder[base] == world.ground.troops.size + force:
                    bases.readiness[base] *= 1.0 - calendar.shock_readiness[shock]
                    if manned > 0.0:
                        bases.garrison[base] *= max(0.0, 1.0 - rest / manned)


@rule
def force_garrisons(world, state, force):
    """Troops of a force at its bases."""
    total = 0.0
    for base in range(state.bases.holder.size):
        if state.bases.holder[base] == world.ground.troops.size + force:
            total += state.bases.garrison[base]
    return total


@rule
def fill(world, state, record, day):
    """A force sends what its pool can spare to the bases that lack troops, in proportion to what they lack."""
    ground, bases, pool = world.ground, state.bases, state.mission.pool
    for force in range(pool.size):
        holder = ground.troops.size + force
        lacking = 0.0
        for base in range(bases.holder.size):
            if bases.holder[base] == holder and stands(bases, base):
                lacking += max(ground.base_need[base] - bases.garrison[base], 0.0)
        record.host_shortfall[day] += lacking
        if lacking > 0.0:
            spare = max(pool[force] - committed(world, force, day), 0.0)
            share = min(1.0, spare / lacking) / world.host.garrisons.filling_days
            for base in range(bases.holder.size):
                if bases.holder[base] == holder and stands(bases, base):
                    coming = share * max(ground.base_need[base] - bases.garrison[base], 0.0)
                    bases.garrison[base] += coming
                    pool[force] -= coming


@rule
def committed(world, force, day):
    """Troops of a force that an offensive keeps."""
    calendar = world.calendar
    total = 0.0
    for k in range(calendar.offensive_start.size):
        if calendar.offensive_start[k] <= day <= calendar.offensive_end[k]:
            total += calendar.offensive_troops[k, force]
    return total


@rule
def ripen(world, state):
    """Readiness of a host base grows toward its ceiling; a shaken base of the mission recovers."""
    readiness, bases = world.host.readiness, state.bases
    contingents, forces = world.ground.troops.size, state.mission.pool.size
    for base in range(bases.holder.size):
        if bases.holder[base] < contingents:
            bases.readiness[base] += (1.0 - bases.readiness[base]) / world.society.presence.recovery_days
        elif bases.holder[base] < contingents + forces:
            bases.readiness[base] += (readiness.ceiling - bases.readiness[base]) / readiness.growth_days
