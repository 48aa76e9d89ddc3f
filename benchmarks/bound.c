/* What a day costs when no cell attacks, moves or changes: the rules of model/atmis in C (see bound.py).

   Functions have the names of the rules, tables are columns. The scalar build does what the rules do, in their order.
   The build with -DVECTORISED gets the same numbers from loops that are laid out for vectors (where the processor has
   AVX-512): choices instead of branches, several sums at once instead of one, exp and log of eight zones together.
   Draws have the same bits; sums differ in their last ones, since they are added up in another order. Every column has
   room for two more vectors behind it. */

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { OPEN, HANDED_OVER, CLOSED, OVERRUN, RETAKEN };
enum { MISSION, HOST, HOME, SIDES };
enum { ALL, MAN_BASES, ADVANCE_FORCES, PRESENCE, COUNT, UPDATE_HAZARD, DRAW_UNIFORMS, ACTIVE_CELLS, RELAX }; /* as in bound.py */
enum { DRAW_DAYS = 8, ROUNDS = 10, CELL_DAY = 1 };
enum { LANES = 8, WIDTH = 2 * LANES, TURNS = 4 }; /* numbers in a vector; zones handled together; sums handled in turn */
enum { MOST_ZONES = 32, MOST_SEGMENTS = 32, MOST_HOLDERS = 32, MOST_BASES = 512 };
static const double THOUSAND = 1000.0, ULP_32 = 0x1p-32;

typedef struct { /* in the order of bound.py */
    int64_t zones, pairs, segments, contingents, forces, bases, cells, commitments, row, stride;
    double filling_days, ceiling, growth_days, recovery_days, host_effect, home_effect, spike_days;
    double rate, raids, opportunity, spoiling, closed_border, border_troops;
    double evidence_attacks, evidence_neighbours, evidence_spike, offensive_attacks, spread;
    double relaxation_days, half, presence, offensive_control, fighters_effect, redeployed_share;
    int64_t review_days, redeployment_contingent, seed, replicate, epoch;
    double *population, *control_first, *odds_first, *exposure, *stationed;
    double *effective, *reference, *cut, *fighters, *fighters_reference, *strength, *pressure, *held, *control;
    double *announced, *attractiveness, *background_rate, *excited, *excited_attractiveness, *hazard, *tempo, *troops;
    int64_t *pair_first, *pair_end, *region, *to, *border;
    double *raid, *segment_troops, *segment_reference;
    int64_t *open, *deployed, *withdrawn;
    double *share, *pool, *force_rate, *lacking, *sending;
    int64_t *commitment_force, *commitment_start, *commitment_end;
    double *commitment_troops;
    int64_t *base_zone, *segment, *holder, *standing;
    double *weight, *need, *garrison, *readiness, *reach;
    uint64_t *key;
    double *cell_fighters, *cell_strength;
    int32_t *review_day, *rests, *cell_zone, *active;
    uint32_t *uniforms;
    double *season, *shortfall, *leaving, *border_garrisons;
} Model;

#ifdef VECTORISED
#define SIMD _Pragma("omp simd")
#ifdef VECTOR_MATH /* of the C library, whose own header shows them under -ffast-math only */
__attribute__((simd("notinbranch"))) double exp(double);
__attribute__((simd("notinbranch"))) double log(double);
#endif
#else
#define SIMD
#endif

#if defined(VECTORISED) && defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__)
#define AVX512 /* without it the vectorised build has what the compiler makes of the scalar loops */
#include <immintrin.h>
#define VECTOR(kind, size) __attribute__((vector_size((size) * LANES), aligned(size), may_alias)) kind
typedef VECTOR(double, 8) Reals;
typedef VECTOR(int64_t, 8) Wholes; /* also what a comparison gives: all bits of a lane, or none */
typedef VECTOR(uint64_t, 8) Words;
typedef VECTOR(uint32_t, 4) Halves;
#define HALVES(words) __builtin_convertvector(words, Halves)

static inline Reals reals(const double *column) { return *(const Reals *)column; }
static inline Wholes wholes(const int64_t *column) { return *(const Wholes *)column; }
static inline Reals where(Wholes which, Reals x) { return (Reals)((Wholes)x & which); }
static inline Reals either(Wholes which, Reals x, Reals y) {
    return (Reals)(((Wholes)x & which) | ((Wholes)y & ~which));
}
static inline double sum(Reals x) { return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7])); }
#else
typedef int64_t Wholes;
typedef uint64_t Words;
typedef uint32_t Halves;
#define HALVES(words) ((uint32_t)(words))
#endif

static inline double larger(double x, double y) { return x > y ? x : y; }
static inline double smaller(double x, double y) { return x < y ? x : y; }

/* --- 7.1 drawdown.man_bases ------------------------------------------------------------------------------------- */

static inline Wholes stands(Wholes standing) {
    return (standing == OPEN) | (standing == HANDED_OVER) | (standing == RETAKEN);
}

static void share_troops(Model *m) { /* from weight of the bases held to troops for each unit of weight */
    for (int64_t k = 0; k < m->contingents; k++)
        m->share[k] = m->share[k] > 0.0 ? (double)m->deployed[k] / m->share[k] : 0.0;
}

static double redeployed(const Model *m, double border_weight) {
    double home = floor(m->redeployed_share * (double)m->withdrawn[m->redeployment_contingent]);
    return border_weight > 0.0 ? home / border_weight : 0.0;
}

#ifdef AVX512
static void man_bases(Model *m) {
    int64_t mans[MOST_BASES + LANES]; /* the holder that mans a base, or -1 */
    Reals border = {0}, guards = {0};
    for (int64_t base = 0; base < m->bases; base += LANES) {
        Wholes inland = wholes(m->segment + base) < 0, manned = inland & stands(wholes(m->standing + base));
        border += where(~inland, reals(m->weight + base));
        *(Wholes *)(mans + base) = wholes(m->holder + base) | ~manned;
    }
    for (int64_t k = 0; k < m->contingents; k++) {
        Reals held = {0};
        for (int64_t base = 0; base < m->bases; base += LANES)
            held += where(wholes(mans + base) == k, reals(m->weight + base));
        m->share[k] = sum(held);
    }
    share_troops(m);
    const double more = redeployed(m, sum(border));
    for (int64_t base = 0; base < m->bases; base += LANES) {
        Wholes inland = wholes(m->segment + base) < 0, holder = wholes(m->holder + base);
        Reals weight = reals(m->weight + base), guard = reals(m->need + base) + more * weight, part = {0};
        for (int64_t k = 0; k < m->contingents; k++) part += where(wholes(mans + base) == k, m->share[k] * weight);
        part = either(holder < m->contingents, part, reals(m->garrison + base));
        *(Reals *)(m->garrison + base) = either(inland, part, guard);
        guards += where(~inland, guard);
    }
    *m->border_garrisons = sum(guards);
}
#else
static void man_bases(Model *m) {
    double border_weight = 0.0;
    for (int64_t k = 0; k < m->contingents; k++) m->share[k] = 0.0;
    for (int64_t base = 0; base < m->bases; base++) {
        if (m->segment[base] >= 0)
            border_weight += m->weight[base];
        else if (m->holder[base] < m->contingents && stands(m->standing[base]))
            m->share[m->holder[base]] += m->weight[base];
    }
    share_troops(m);
    const double more = redeployed(m, border_weight);
    double guards = 0.0;
    for (int64_t base = 0; base < m->bases; base++) {
        int64_t holder = m->holder[base];
        if (m->segment[base] >= 0) {
            m->garrison[base] = m->need[base] + more * m->weight[base];
            guards += m->garrison[base];
        } else if (holder < m->contingents) {
            m->garrison[base] = stands(m->standing[base]) ? m->share[holder] * m->weight[base] : 0.0;
        }
    }
    *m->border_garrisons = guards;
}
#endif

/* --- 7.2 host_force.advance, without the days of political shocks -------------------------------------------------- */

static double committed(const Model *m, int64_t force, int64_t day) {
    double total = 0.0;
    for (int64_t k = 0; k < m->commitments; k++)
        if (m->commitment_force[k] == force && m->commitment_start[k] <= day && day <= m->commitment_end[k])
            total += m->commitment_troops[k];
    return total;
}

static void offer(Model *m, int64_t day) {
    for (int64_t force = 0; force < m->forces; force++) {
        m->shortfall[day] += m->lacking[force];
        double spare = larger(m->pool[force] - committed(m, force, day), 0.0);
        double enough = m->lacking[force] > 0.0 ? smaller(1.0, spare / m->lacking[force]) : 0.0;
        m->sending[force] = enough / m->filling_days;
    }
}

#ifdef AVX512
static inline double sum_of(const Model *m, const double *column, int64_t force) {
    Reals total = {0};
    for (int64_t base = 0; base < m->bases; base += LANES)
        total += where(wholes(m->holder + base) == m->contingents + force, reals(column + base));
    return sum(total);
}

static void advance_forces(Model *m, int64_t day) {
    const Reals growth = (Reals){0} + 1.0 / m->growth_days, recovery = (Reals){0} + 1.0 / m->recovery_days;
    const Reals ceiling = (Reals){0} + m->ceiling, one = (Reals){0} + 1.0;
    double lacks[MOST_BASES + LANES];
    for (int64_t base = 0; base < m->bases; base += LANES) {
        Reals most = reals(m->need + base) - reals(m->garrison + base);
        *(Reals *)(lacks + base) = where((most > 0.0) & stands(wholes(m->standing + base)), most);
    }
    for (int64_t force = 0; force < m->forces; force++) {
        m->lacking[force] = sum_of(m, lacks, force);
        m->pool[force] += m->force_rate[force];
    }
    offer(m, day);
    for (int64_t base = 0; base < m->bases; base += LANES) {
        Wholes force = wholes(m->holder + base) - m->contingents;
        Reals coming = {0}, readiness = reals(m->readiness + base);
        for (int64_t k = 0; k < m->forces; k++) coming += where(force == k, m->sending[k] * reals(lacks + base));
        *(Reals *)(lacks + base) = coming;
        *(Reals *)(m->garrison + base) = reals(m->garrison + base) + coming;
        Reals step = (either(force < 0, one, ceiling) - readiness) * either(force < 0, recovery, growth);
        *(Reals *)(m->readiness + base) = readiness + where(force < m->forces, step);
    }
    for (int64_t force = 0; force < m->forces; force++) m->pool[force] -= sum_of(m, lacks, force);
}
#else
static double lacks(const Model *m, int64_t base) { return larger(m->need[base] - m->garrison[base], 0.0); }

static void add_up_lacking(Model *m) {
    for (int64_t force = 0; force < m->forces; force++) m->lacking[force] = 0.0;
    for (int64_t base = 0; base < m->bases; base++) {
        int64_t force = m->holder[base] - m->contingents;
        if (0 <= force && force < m->forces && stands(m->standing[base])) m->lacking[force] += lacks(m, base);
    }
}

static void man_and_ripen(Model *m) {
    const double growth = 1.0 / m->growth_days, recovery = 1.0 / m->recovery_days;
    for (int64_t base = 0; base < m->bases; base++) {
        int64_t force = m->holder[base] - m->contingents;
        if (force < 0) {
            m->readiness[base] += (1.0 - m->readiness[base]) * recovery;
        } else if (force < m->forces) {
            double coming = stands(m->standing[base]) ? m->sending[force] * lacks(m, base) : 0.0;
            m->garrison[base] += coming;
            m->pool[force] -= coming;
            m->readiness[base] += (m->ceiling - m->readiness[base]) * growth;
        }
    }
}

static void advance_forces(Model *m, int64_t day) {
    for (int64_t force = 0; force < m->forces; force++) m->pool[force] += m->force_rate[force];
    add_up_lacking(m);
    offer(m, day);
    man_and_ripen(m);
}
#endif

/* --- 7.3 presence.update_effective_troops ------------------------------------------------------------------------------------------ */

static void remember_cuts(Model *m) {
    const double fade = exp(-1.0 / m->spike_days);
    const double *mission = m->troops, *host = mission + m->row, *home = host + m->row;
    SIMD
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double now = mission[zone] + host[zone] + home[zone];
        m->cut[zone] = fade * m->cut[zone] + larger(m->effective[zone] - now, 0.0) / THOUSAND;
        m->effective[zone] = now;
    }
}

#ifdef AVX512
static void project(Model *m, int side, int64_t count, const int64_t *list, const double *power) {
    for (int64_t zone = 0; zone < m->row; zone += WIDTH) { /* sums stay in registers over all bases */
        Reals near = {0}, far = {0};
        for (int64_t k = 0; k < count; k++) {
            const double *reach = m->reach + list[k] * m->row + zone;
            near += power[list[k]] * reals(reach);
            far += power[list[k]] * reals(reach + LANES);
        }
        *(Reals *)(m->troops + side * m->row + zone) = near;
        *(Reals *)(m->troops + side * m->row + zone + LANES) = far;
    }
}

static void weigh_bases(Model *m) {
    const Reals mission = (Reals){0} + 1.0, host = (Reals){0} + m->host_effect, home = (Reals){0} + m->home_effect;
    const int64_t hosts = m->contingents, homes = hosts + m->forces, turn = SIDES * m->row;
    double here[MOST_BASES + LANES], power[MOST_BASES + LANES], stationed[TURNS * SIDES * MOST_ZONES];
    int64_t list[SIDES][MOST_BASES], of_mission = 0, of_host = 0, of_home = 0;
    for (int64_t base = 0; base < m->bases; base += LANES) {
        Wholes holder = wholes(m->holder + base);
        Reals garrison = where(stands(wholes(m->standing + base)), reals(m->garrison + base));
        Reals effect = either(holder < hosts, mission, either(holder < homes, host, home));
        *(Reals *)(here + base) = garrison;
        *(Reals *)(power + base) = garrison * reals(m->readiness + base) * effect;
    }
    memset(stationed, 0, sizeof(double) * (size_t)(TURNS * turn));
    for (int64_t base = 0; base < m->bases; base++) { /* in turns, so that no sum waits for the one before */
        const int64_t holder = m->holder[base], side = (holder >= hosts) + (holder >= homes);
        stationed[(base & (TURNS - 1)) * turn + side * m->row + m->base_zone[base]] += here[base];
        list[MISSION][of_mission] = list[HOST][of_host] = list[HOME][of_home] = base;
        of_mission += side == MISSION, of_host += side == HOST, of_home += side == HOME;
        if (m->segment[base] >= 0) m->segment_troops[m->segment[base]] += here[base] * m->readiness[base];
    }
    for (int64_t k = 0; k < turn; k += LANES)
        *(Reals *)(m->stationed + k) = (reals(stationed + k) + reals(stationed + turn + k)) +
                                       (reals(stationed + 2 * turn + k) + reals(stationed + 3 * turn + k));
    project(m, MISSION, of_mission, list[MISSION], power);
    project(m, HOST, of_host, list[HOST], power);
    project(m, HOME, of_home, list[HOME], power);
}
#else
static void weigh_bases(Model *m) {
    const double effects[SIDES] = {1.0, m->host_effect, m->home_effect};
    const int64_t hosts = m->contingents, homes = hosts + m->forces;
    memset(m->stationed, 0, sizeof(double) * (size_t)(SIDES * m->row));
    memset(m->troops, 0, sizeof(double) * (size_t)(SIDES * m->row));
    for (int64_t base = 0; base < m->bases; base++) {
        if (!stands(m->standing[base])) continue;
        int side = (m->holder[base] >= hosts) + (m->holder[base] >= homes);
        double ready = m->garrison[base] * m->readiness[base], power = ready * effects[side];
        const double *restrict reach = m->reach + base * m->row;
        double *restrict troops = m->troops + side * m->row;
        m->stationed[side * m->row + m->base_zone[base]] += m->garrison[base];
        for (int64_t zone = 0; zone < m->zones; zone++) troops[zone] += power * reach[zone];
        if (m->segment[base] >= 0) m->segment_troops[m->segment[base]] += ready;
    }
}
#endif

static void weigh_presence(Model *m) {
    memset(m->segment_troops, 0, sizeof(double) * (size_t)m->segments);
    weigh_bases(m);
    remember_cuts(m);
}

/* --- 7.6 recruitment.count_fighters --------------------------------------------------------------------------------------- */

#ifdef AVX512
static void count_fighters(Model *m, int64_t day) { /* most cells stand where the one before does: those by eights */
    const __m256i today = _mm256_set1_epi32((int32_t)day);
    int32_t here = m->cell_zone[0];
    __m512d fighters = _mm512_setzero_pd(), strength = _mm512_setzero_pd();
    memset(m->fighters, 0, sizeof(double) * (size_t)m->zones);
    memset(m->strength, 0, sizeof(double) * (size_t)m->zones);
    for (int64_t cell = 0; cell < m->cells; cell += LANES) { /* behind the columns stand cells without anybody */
        const int32_t last = m->cell_zone[cell + LANES - 1];
        if (m->cell_zone[cell] == last && last != here) {
            m->fighters[here] += _mm512_reduce_add_pd(fighters), m->strength[here] += _mm512_reduce_add_pd(strength);
            here = last, fighters = strength = _mm512_setzero_pd();
        }
        __m256i zone = _mm256_loadu_si256((const void *)(m->cell_zone + cell));
        __mmask8 same = _mm256_cmpeq_epi32_mask(zone, _mm256_set1_epi32(here));
        __mmask8 active = _mm256_cmple_epi32_mask(_mm256_loadu_si256((const void *)(m->rests + cell)), today);
        fighters = _mm512_mask_add_pd(fighters, same, fighters, (__m512d)reals(m->cell_fighters + cell));
        strength = _mm512_mask_add_pd(strength, same & active, strength, (__m512d)reals(m->cell_strength + cell));
        for (unsigned left = (uint8_t)~same; left; left &= left - 1) {
            const int64_t other = cell + __builtin_ctz(left);
            m->fighters[m->cell_zone[other]] += m->cell_fighters[other];
            m->strength[m->cell_zone[other]] += m->rests[other] <= day ? m->cell_strength[other] : 0.0;
        }
    }
    m->fighters[here] += _mm512_reduce_add_pd(fighters), m->strength[here] += _mm512_reduce_add_pd(strength);
}
#else
static void count_fighters(Model *m, int64_t day) {
    int32_t here = 0;
    double fighters = 0.0, strength = 0.0;
    memset(m->fighters, 0, sizeof(double) * (size_t)m->zones);
    memset(m->strength, 0, sizeof(double) * (size_t)m->zones);
    for (int64_t cell = 0; cell < m->cells; cell++) {
        if (m->cell_zone[cell] != here) {
            m->fighters[here] += fighters;
            m->strength[here] += strength;
            here = m->cell_zone[cell], fighters = 0.0, strength = 0.0;
        }
        fighters += m->cell_fighters[cell];
        strength += m->rests[cell] <= day ? m->cell_strength[cell] : 0.0;
    }
    m->fighters[here] += fighters;
    m->strength[here] += strength;
}
#endif

/* --- 7.7 attacks.update_hazard ------------------------------------------------------------------------------------------- */

static void weigh_raids(Model *m) { /* friction depends on the segment alone */
    const int64_t segments = (m->segments + LANES - 1) / LANES * LANES;
    double weights[1 + MOST_SEGMENTS], *across = weights + 1;
    SIMD
    for (int64_t segment = 0; segment < segments; segment++) {
        double more = (m->segment_troops[segment] - m->segment_reference[segment]) / THOUSAND;
        double closed = m->open[segment] > 0 ? 0.0 : m->closed_border;
        across[segment] = m->raids * exp(-(closed + m->border_troops * more));
    }
    across[-1] = m->raids; /* no border between the two */
    for (int64_t pair = 0; pair < m->pairs; pair++) m->raid[pair] = across[m->border[pair]];
}

static void weigh_lures(Model *m, int64_t day) {
    double more[MOST_ZONES], next_door[MOST_ZONES];
    SIMD
    for (int64_t zone = 0; zone < m->zones; zone++) more[zone] = (m->effective[zone] - m->reference[zone]) / THOUSAND;
    for (int64_t zone = 0; zone < m->zones; zone++) {
        int64_t first = m->pair_first[zone], end = m->pair_end[zone];
        double total = 0.0;
        for (int64_t pair = first; pair < end; pair++) total += more[m->to[pair]];
        next_door[zone] = end > first ? total / (double)(end - first) : 0.0;
    }
    const double season = m->season[day], drift = m->spread * m->spread / 2.0;
    SIMD
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double total = m->opportunity * (m->control_first[zone] - m->control[zone]);
        total -= m->evidence_attacks * more[zone];
        total -= m->evidence_neighbours * next_door[zone];
        total += m->evidence_spike * m->cut[zone];
        total += m->offensive_attacks * smaller(m->pressure[zone], 1.0);
        total += m->tempo[m->region[zone]] - drift;
        m->attractiveness[zone] = m->exposure[zone] * exp(total) * season * (1.0 + m->spoiling * m->announced[zone]);
    }
}

static void update_hazard(Model *m, int64_t day) {
    weigh_raids(m);
    weigh_lures(m, day);
    memset(m->background_rate, 0, sizeof(double) * (size_t)m->zones);
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double rate = m->rate * m->strength[zone];
        m->background_rate[zone] += rate * m->attractiveness[zone];
        for (int64_t pair = m->pair_first[zone]; pair < m->pair_end[zone]; pair++)
            m->background_rate[m->to[pair]] += rate * m->raid[pair] * m->attractiveness[m->to[pair]];
    }
    SIMD
    for (int64_t zone = 0; zone < m->zones; zone++)
        m->excited_attractiveness[zone] = m->attractiveness[zone] * (m->background_rate[zone] > 0.0 ? 1.0 + m->excited[zone] / m->background_rate[zone] : 1.0);
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double hazard = m->excited_attractiveness[zone];
        for (int64_t pair = m->pair_first[zone]; pair < m->pair_end[zone]; pair++)
            hazard += m->raid[pair] * m->excited_attractiveness[m->to[pair]];
        m->hazard[zone] = m->rate * hazard;
    }
}

/* --- day.draw_luck: Philox 4x64-10 ------------------------------------------------------------------------------- */

static const uint64_t TIMES_0 = 0xD2E7470EE14C6C93u, TIMES_1 = 0xCA5A826395121157u;
static const uint64_t WEYL_0 = 0x9E3779B97F4A7C15u, WEYL_1 = 0xBB67AE8584CAA73Bu, LOW = 0xFFFFFFFFu;

#ifdef AVX512
static inline Words times(uint64_t a, Words b) { /* of their low halves */
    return (Words)_mm512_mul_epu32(_mm512_set1_epi64((int64_t)a), (__m512i)b);
}

static inline void multiply(uint64_t a, Words b, Words *high, Words *low) { /* vectors have no product of 128 bits */
    Words first = times(a, b), middle = times(a >> 32, b) + (first >> 32);
    Words other = times(a, b >> 32) + (middle & LOW), last = times(a >> 32, b >> 32);
    *high = last + (middle >> 32) + (other >> 32);
    *low = (first & LOW) | other << 32;
}
#else
static inline void multiply(uint64_t a, Words b, Words *high, Words *low) {
    unsigned __int128 product = (unsigned __int128)a * b;
    *high = (uint64_t)(product >> 64), *low = (uint64_t)product;
}
#endif

typedef struct {
    Words c0, c1, c2, c3;
} Block;

static inline Block start(const Model *m, int64_t cell, uint64_t tick) {
    Words key = *(const Words *)(m->key + cell), none = key ^ key;
    return (Block){none + tick, key, none + CELL_DAY, none};
}

static inline void turn_over(Block *block, uint64_t k0, uint64_t k1) {
    Words high_0, low_0, high_1, low_1;
    multiply(TIMES_0, block->c0, &high_0, &low_0);
    multiply(TIMES_1, block->c2, &high_1, &low_1);
    *block = (Block){high_1 ^ block->c1 ^ k0, low_1, high_0 ^ block->c3 ^ k1, low_0};
}

static inline void keep(Model *m, int64_t cell, Block block) {
    const Words words[DRAW_DAYS / 2] = {block.c0, block.c1, block.c2, block.c3};
    for (int k = 0; k < DRAW_DAYS / 2; k++) {
        *(Halves *)(m->uniforms + 2 * k * m->stride + cell) = HALVES(words[k] & LOW);
        *(Halves *)(m->uniforms + (2 * k + 1) * m->stride + cell) = HALVES(words[k] >> 32);
    }
}

static void draw_uniforms(Model *m, int64_t day) { /* two blocks at once: one is worked on while the other waits */
    const int64_t step = sizeof(Words) / sizeof(uint64_t);
    const uint64_t tick = (uint64_t)((m->epoch + day) / DRAW_DAYS);
    if (day > 0 && (m->epoch + day) % DRAW_DAYS > 0) return;
    for (int64_t cell = 0; cell < m->cells; cell += 2 * step) {
        Block one = start(m, cell, tick), other = start(m, cell + step, tick);
        uint64_t k0 = (uint64_t)m->seed, k1 = (uint64_t)m->replicate;
        for (int turn = 0; turn < ROUNDS; turn++, k0 += WEYL_0, k1 += WEYL_1) {
            turn_over(&one, k0, k1);
            turn_over(&other, k0, k1);
        }
        keep(m, cell, one);
        keep(m, cell + step, other);
    }
}

/* --- schedule.active_cells; the review of cells that are due is put off ------------------------------------------------- */

#ifdef AVX512
static __m512d hazard_of(const Model *m, __m256i zone) { /* looked up in two registers where all zones fit */
    if (m->zones > WIDTH) return _mm512_i32gather_pd(zone, m->hazard, sizeof(double));
    return _mm512_permutex2var_pd((__m512d)reals(m->hazard), _mm512_cvtepi32_epi64(zone),
                                  (__m512d)reals(m->hazard + LANES));
}

static int64_t list_active(Model *m, int64_t day) {
    const uint32_t *uniforms = m->uniforms + (m->epoch + day) % DRAW_DAYS * m->stride;
    const __m256i today = _mm256_set1_epi32((int32_t)day);
    const __m512d stays = _mm512_set1_pd(1.0 - *m->leaving), ulp = _mm512_set1_pd(ULP_32);
    const __m256i eight = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    int64_t count = 0;
    for (int64_t cell = 0; cell < m->cells; cell += LANES) {
        __m512d u = _mm512_mul_pd(_mm512_cvtepu32_pd(_mm256_loadu_si256((const void *)(uniforms + cell))), ulp);
        __m512d hazard = hazard_of(m, _mm256_loadu_si256((const void *)(m->cell_zone + cell)));
        __m512d chance = _mm512_mul_pd(hazard, (__m512d)reals(m->cell_strength + cell));
        __mmask8 due = _mm256_cmple_epi32_mask(_mm256_loadu_si256((const void *)(m->review_day + cell)), today);
        __mmask8 stirs = due | _mm512_cmp_pd_mask(u, chance, _CMP_LT_OQ) | _mm512_cmp_pd_mask(u, stays, _CMP_GT_OQ);
        if (m->cells - cell < LANES) stirs &= (__mmask8)((1 << (m->cells - cell)) - 1);
        __m256i number = _mm256_add_epi32(eight, _mm256_set1_epi32((int32_t)cell));
        _mm256_storeu_si256((void *)(m->active + count), _mm256_maskz_compress_epi32(stirs, number));
        count += __builtin_popcount(stirs);
    }
    return count;
}
#else
static int64_t list_active(Model *m, int64_t day) {
    const uint32_t *uniforms = m->uniforms + (m->epoch + day) % DRAW_DAYS * m->stride;
    const double stays = 1.0 - *m->leaving;
    int64_t count = 0;
    for (int64_t cell = 0; cell < m->cells; cell++) {
        double u = (double)uniforms[cell] * ULP_32, chance = m->hazard[m->cell_zone[cell]] * m->cell_strength[cell];
        m->active[count] = (int32_t)cell;
        count += (u < chance) | (u > stays) | (day >= m->review_day[cell]);
    }
    return count;
}
#endif

static int64_t count_active(Model *m, int64_t day) {
    const int64_t count = list_active(m, day);
    for (int64_t place = 0; place < count; place++) {
        int32_t *due = m->review_day + m->active[place];
        if (day >= *due) *due = (int32_t)(day + m->review_days);
    }
    return count;
}

/* --- 7.11a control.relax ----------------------------------------------------------------------------------------- */

static inline double saturation(double effective, double half) {
    return effective + half > 0.0 ? effective / (effective + half) : 0.0;
}

static void relax(Model *m) {
    const double step = 1.0 / m->relaxation_days;
    SIMD
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double half = m->half * m->population[zone] / THOUSAND;
        double felt = saturation(m->effective[zone], half) - saturation(m->reference[zone], half);
        double gained = m->offensive_control * larger(m->pressure[zone], m->held[zone]);
        double fighters = log((m->fighters[zone] + 1.0) / (m->fighters_reference[zone] + 1.0));
        double balance = m->presence * felt + gained - m->fighters_effect * fighters;
        double aim = 1.0 / (1.0 + exp(-(m->odds_first[zone] + balance)));
        m->control[zone] += (aim - m->control[zone]) * step;
    }
}

/* --- days -------------------------------------------------------------------------------------------------------- */

int fits(const Model *m) {
    return m->zones <= MOST_ZONES && m->segments <= MOST_SEGMENTS && m->contingents <= MOST_HOLDERS &&
           m->forces <= MOST_HOLDERS && m->bases <= MOST_BASES;
}

int by_hand(void) { /* whether vectors are laid out by hand */
#ifdef AVX512
    return 1;
#else
    return 0;
#endif
}

int64_t run(Model *m, int64_t part, int64_t first, int64_t end) { /* returns how often a cell was active */
    int64_t active = 0;
    for (int64_t day = first; day < end; day++) {
        if (part == ALL || part == MAN_BASES) man_bases(m);
        if (part == ALL || part == ADVANCE_FORCES) advance_forces(m, day);
        if (part == ALL || part == PRESENCE) weigh_presence(m);
        if (part == ALL || part == COUNT) count_fighters(m, day);
        if (part == ALL || part == UPDATE_HAZARD) update_hazard(m, day);
        if (part == ALL || part == DRAW_UNIFORMS) draw_uniforms(m, day);
        if (part == ALL || part == ACTIVE_CELLS) active += count_active(m, day);
        if (part == ALL || part == RELAX) relax(m);
    }
    return active;
}
