/* The bound: what a day costs when no cell attacks, moves or changes, in C (see benchmarks/bound.py).

   The rules of model/atmis, with the same names, on columns instead of rows. The scalar build takes the loops as the
   rules have them. The build with -DVECTORISED takes the same numbers through loops that are laid out for vectors:
   sums by masks or in lanes, branches as choices, exp and log of eight zones at once. Neither reorders what the rules
   draw; sums in lanes differ in their last bits. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(VECTORISED) && defined(__AVX512F__)
#include <immintrin.h>
#endif

#ifdef VECTORISED
#define SIMD _Pragma("omp simd")
#define SIMD_SUM(total) SIMD_TEXT(omp simd reduction(+ : total))
#define SIMD_TEXT(text) _Pragma(#text)
#ifdef VECTOR_MATH /* of the C library; its own header declares them for -ffast-math only */
__attribute__((simd("notinbranch"))) double exp(double);
__attribute__((simd("notinbranch"))) double log(double);
#endif
#else
#define SIMD
#define SIMD_SUM(total)
#endif

enum { OPEN, HANDED_OVER, CLOSED, OVERRUN, RETAKEN };
enum { MISSION, HOST, HOME, SIDES };
enum { ALL, SHARE_OUT, BUILD, PRESENCE, COUNT, WEIGH, LUCK, WAKE, RELAX }; /* as bound.PARTS */
enum { LUCK_DAYS = 8, ROUNDS = 10, CELL_DAY = 1, MOST_ZONES = 32, MOST_BASES = 1024, MOST_CELLS = 4096 };
enum { LANES = 8, WIDTH = 16 }; /* cells taken together; zones taken together: rows of reach are padded to it */
enum { TURNS = 4, MOST_SEGMENTS = 64, MOST_FORCES = 16 };
static const double THOUSAND = 1000.0, ULP_32 = 0x1p-32;

typedef struct { /* in the order of bound.Model */
    int64_t zones, pairs, segments, contingents, forces, bases, cells, commitments, row, stride;
    /* numbers of the scenario */
    double filling_days, ceiling, growth_days, recovery_days, host_effect, home_effect, spike_days;
    double rate, raids, opportunity, spoiling, closed_border, border_troops;
    double evidence_attacks, evidence_neighbours, evidence_spike, offensive_attacks, spread;
    double relaxation_days, half, presence, offensive_control, fighters_effect, redeployed_share, review_days;
    int64_t redeployment_contingent, seed, replicate, epoch;
    /* zones */
    double *population, *control_first, *odds_first, *exposure, *stationed, *effective, *reference, *cut;
    double *fighters, *fighters_reference, *strength, *pressure, *held, *control, *spoiled, *lure, *landing;
    double *excited, *pull, *hazard, *tempo, *troops;
    int64_t *pair_first, *pair_end, *region;
    /* pairs and segments of the border */
    int32_t *to, *border;
    double *raid, *segment_troops, *segment_reference;
    int64_t *open;
    /* troops */
    int64_t *deployed, *withdrawn;
    double *share, *pool, *force_rate, *lacking, *sending;
    int64_t *commitment_force, *commitment_start, *commitment_end;
    double *commitment_troops;
    /* bases */
    int32_t *base_zone, *segment, *holder, *standing;
    double *weight, *need, *garrison, *readiness, *reach;
    /* cells */
    uint64_t *key;
    double *cell_fighters, *cell_strength;
    int32_t *stock_day, *rests, *cell_zone, *awake;
    uint32_t *luck;
    /* days, and single numbers that come out */
    double *season, *shortfall, *leaving, *border_garrisons;
} Model;

/* --- 7.1 drawdown.share_out ------------------------------------------------------------------------------------- */

static int stands(int32_t standing) { return (standing == OPEN) | (standing == HANDED_OVER) | (standing == RETAKEN); }

static double at_border(const Model *m) {
    return floor(m->redeployed_share * (double)m->withdrawn[m->redeployment_contingent]);
}

#ifdef VECTORISED
static double held_weights(Model *m) { /* into share: weight that each contingent holds; returns that of the border */
    const int32_t *restrict segment = m->segment, *restrict holder = m->holder, *restrict standing = m->standing;
    const double *restrict weight = m->weight;
    int32_t holds[MOST_BASES];
    double border = 0.0;
    SIMD_SUM(border)
    for (int64_t base = 0; base < m->bases; base++) {
        holds[base] = (segment[base] < 0) & stands(standing[base]) ? holder[base] : -1;
        border += segment[base] >= 0 ? weight[base] : 0.0;
    }
    for (int32_t contingent = 0; contingent < m->contingents; contingent++) {
        double held = 0.0;
        SIMD_SUM(held)
        for (int64_t base = 0; base < m->bases; base++) held += holds[base] == contingent ? weight[base] : 0.0;
        m->share[contingent] = held;
    }
    return border;
}
#else
static double held_weights(Model *m) {
    double border = 0.0;
    for (int64_t contingent = 0; contingent < m->contingents; contingent++) m->share[contingent] = 0.0;
    for (int64_t base = 0; base < m->bases; base++) {
        if (m->segment[base] >= 0)
            border += m->weight[base];
        else if (m->holder[base] < m->contingents && stands(m->standing[base]))
            m->share[m->holder[base]] += m->weight[base];
    }
    return border;
}
#endif

static void share_out(Model *m) {
    const int32_t *restrict segment = m->segment, *restrict holder = m->holder, *restrict standing = m->standing;
    const double *restrict weight = m->weight, *restrict need = m->need;
    double *restrict garrison = m->garrison, shares[MOST_FORCES] = {0}, border_weight = held_weights(m), border = 0.0;
    const int32_t contingents = (int32_t)m->contingents;
    for (int32_t k = 0; k < contingents; k++)
        shares[k] = m->share[k] = m->share[k] > 0.0 ? (double)m->deployed[k] / m->share[k] : 0.0;
    const double redeployed = border_weight > 0.0 ? at_border(m) / border_weight : 0.0;
    SIMD_SUM(border)
    for (int64_t base = 0; base < m->bases; base++) {
        int watches = segment[base] >= 0, theirs = holder[base] < contingents;
        double guard = need[base] + redeployed * weight[base];
        double part = stands(standing[base]) ? shares[theirs ? holder[base] : 0] * weight[base] : 0.0;
        garrison[base] = watches ? guard : theirs ? part : garrison[base];
        border += watches ? guard : 0.0;
    }
    *m->border_garrisons = border;
}

/* --- 7.2 host_force.build: offer, man, ripen (a scenario without political shocks) ------------------------------- */

static double lacks(double need, double garrison) { return need > garrison ? need - garrison : 0.0; }

static double committed(const Model *m, int64_t force, int64_t day) {
    double total = 0.0;
    for (int64_t k = 0; k < m->commitments; k++)
        if (m->commitment_force[k] == force && m->commitment_start[k] <= day && day <= m->commitment_end[k])
            total += m->commitment_troops[k];
    return total;
}

static void add_up_lacking(Model *m) {
    const int32_t *restrict holder = m->holder, *restrict standing = m->standing, first = (int32_t)m->contingents;
    const double *restrict need = m->need, *restrict garrison = m->garrison;
#ifdef VECTORISED
    for (int32_t force = 0; force < m->forces; force++) {
        double total = 0.0;
        SIMD_SUM(total)
        for (int64_t base = 0; base < m->bases; base++) {
            int counts = (holder[base] == first + force) & stands(standing[base]);
            total += counts ? lacks(need[base], garrison[base]) : 0.0;
        }
        m->lacking[force] = total;
    }
#else
    for (int64_t force = 0; force < m->forces; force++) m->lacking[force] = 0.0;
    for (int64_t base = 0; base < m->bases; base++) {
        int32_t force = holder[base] - first;
        if (0 <= force && force < m->forces && stands(standing[base]))
            m->lacking[force] += lacks(need[base], garrison[base]);
    }
#endif
}

static void offer(Model *m, int64_t day) {
    add_up_lacking(m);
    for (int64_t force = 0; force < m->forces; force++) {
        m->shortfall[day] += m->lacking[force];
        double spare = fmax(m->pool[force] - committed(m, force, day), 0.0);
        double enough = m->lacking[force] > 0.0 ? fmin(1.0, spare / m->lacking[force]) : 0.0;
        m->sending[force] = enough / m->filling_days;
    }
}

static void man_and_ripen(Model *m) {
    const int32_t *restrict holder = m->holder, *restrict standing = m->standing, first = (int32_t)m->contingents;
    const double *restrict need = m->need, ceiling = m->ceiling;
    double *restrict garrison = m->garrison, *restrict readiness = m->readiness;
    const double growth = 1.0 / m->growth_days, recovery = 1.0 / m->recovery_days;
#ifdef VECTORISED
    for (int32_t force = 0; force < m->forces; force++) {
        const double sending = m->sending[force];
        double sent = 0.0;
        SIMD_SUM(sent)
        for (int64_t base = 0; base < m->bases; base++) {
            int counts = (holder[base] == first + force) & stands(standing[base]);
            double coming = counts ? sending * lacks(need[base], garrison[base]) : 0.0;
            garrison[base] += coming;
            sent += coming;
        }
        m->pool[force] -= sent;
    }
    const int32_t end = first + (int32_t)m->forces;
    SIMD
    for (int64_t base = 0; base < m->bases; base++) {
        double step = holder[base] < first ? recovery : holder[base] < end ? growth : 0.0;
        readiness[base] += ((holder[base] < first ? 1.0 : ceiling) - readiness[base]) * step;
    }
#else
    for (int64_t base = 0; base < m->bases; base++) {
        int32_t force = holder[base] - first;
        if (force < 0) {
            readiness[base] += (1.0 - readiness[base]) * recovery;
        } else if (force < m->forces) {
            if (stands(standing[base])) {
                double coming = m->sending[force] * lacks(need[base], garrison[base]);
                garrison[base] += coming;
                m->pool[force] -= coming;
            }
            readiness[base] += (ceiling - readiness[base]) * growth;
        }
    }
#endif
}

static void build(Model *m, int64_t day) {
    for (int64_t force = 0; force < m->forces; force++) m->pool[force] += m->force_rate[force];
    offer(m, day);
    man_and_ripen(m);
}

/* --- 7.3 presence.weigh ------------------------------------------------------------------------------------------ */

static int side_of(const Model *m, int32_t holder) {
    return holder < m->contingents ? MISSION : holder < m->contingents + m->forces ? HOST : HOME;
}

static void remember_cuts(Model *m) {
    const double fade = exp(-1.0 / m->spike_days);
    const double *restrict mission = m->troops, *restrict host = mission + m->row, *restrict home = host + m->row;
    double *restrict effective = m->effective, *restrict cut = m->cut;
    SIMD
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double now = mission[zone] + host[zone] + home[zone], lost = effective[zone] - now;
        cut[zone] = fade * cut[zone] + (lost > 0.0 ? lost : 0.0) / THOUSAND;
        effective[zone] = now;
    }
}

#ifdef VECTORISED
typedef double Zones __attribute__((vector_size(8 * LANES), aligned(8)));

static void project(Model *m, int side, int64_t count, const int32_t *list, const double *power) {
    for (int64_t zone = 0; zone < m->row; zone += WIDTH) {
        const double *reach = m->reach + zone;
        Zones near = {0}, far = {0};
        for (int64_t k = 0; k < count; k++) {
            const double *row = reach + list[k] * m->row;
            near += power[list[k]] * *(const Zones *)row;
            far += power[list[k]] * *(const Zones *)(row + LANES);
        }
        *(Zones *)(m->troops + side * m->row + zone) = near;
        *(Zones *)(m->troops + side * m->row + zone + LANES) = far;
    }
}

static void weigh_bases(Model *m, const double *effects) {
    const int32_t *restrict holder = m->holder, *restrict standing = m->standing, *restrict zone = m->base_zone;
    const int32_t host = (int32_t)m->contingents, home = host + (int32_t)m->forces;
    const double *restrict garrison = m->garrison, *restrict readiness = m->readiness;
    const double host_effect = effects[HOST], home_effect = effects[HOME];
    int32_t list[SIDES][MOST_BASES], side[MOST_BASES];
    double here[MOST_BASES], power[MOST_BASES], stationed[TURNS][(SIDES + 1) * MOST_ZONES];
    int64_t zones = m->zones, ours = 0, theirs = 0, others = 0;
    SIMD
    for (int64_t base = 0; base < m->bases; base++) {
        int32_t whose = holder[base] < host ? MISSION : holder[base] < home ? HOST : HOME;
        double effect = whose == MISSION ? 1.0 : whose == HOST ? host_effect : home_effect;
        here[base] = stands(standing[base]) ? garrison[base] : 0.0;
        power[base] = garrison[base] * readiness[base] * effect;
        side[base] = stands(standing[base]) ? whose : SIDES;
    }
    for (int turn = 0; turn < TURNS; turn++) memset(stationed[turn], 0, sizeof stationed[turn]);
    for (int64_t base = 0; base < m->bases; base++) {
        stationed[base & (TURNS - 1)][side[base] * MOST_ZONES + zone[base]] += here[base];
        list[MISSION][ours] = list[HOST][theirs] = list[HOME][others] = (int32_t)base;
        ours += side[base] == MISSION, theirs += side[base] == HOST, others += side[base] == HOME;
        if (m->segment[base] >= 0) m->segment_troops[m->segment[base]] += here[base] * readiness[base];
    }
    for (int k = MISSION; k < SIDES; k++) {
        const double *first = stationed[0] + k * MOST_ZONES;
        const int64_t turn = (SIDES + 1) * MOST_ZONES;
        SIMD
        for (int64_t at = 0; at < zones; at++)
            m->stationed[k * zones + at] =
                (first[at] + first[turn + at]) + (first[2 * turn + at] + first[3 * turn + at]);
        project(m, k, k == MISSION ? ours : k == HOST ? theirs : others, list[k], power);
    }
}
#else
static void weigh_bases(Model *m, const double *effects) {
    memset(m->stationed, 0, sizeof(double) * (size_t)(SIDES * m->zones));
    memset(m->troops, 0, sizeof(double) * (size_t)(SIDES * m->row));
    for (int64_t base = 0; base < m->bases; base++) {
        if (!stands(m->standing[base])) continue;
        int side = side_of(m, m->holder[base]);
        double ready = m->garrison[base] * m->readiness[base], power = ready * effects[side];
        const double *restrict reach = m->reach + base * m->row;
        double *restrict troops = m->troops + side * m->row;
        m->stationed[side * m->zones + m->base_zone[base]] += m->garrison[base];
        for (int64_t zone = 0; zone < m->zones; zone++) troops[zone] += power * reach[zone];
        if (m->segment[base] >= 0) m->segment_troops[m->segment[base]] += ready;
    }
}
#endif

static void weigh_presence(Model *m) {
    const double effects[SIDES] = {1.0, m->host_effect, m->home_effect};
    memset(m->segment_troops, 0, sizeof(double) * (size_t)m->segments);
    weigh_bases(m, effects);
    remember_cuts(m);
}

/* --- 7.6 recruitment.count --------------------------------------------------------------------------------------- */

#ifdef VECTORISED
typedef double Pair __attribute__((vector_size(16)));

static void count_fighters(Model *m, int64_t day) { /* by turns into several sums: none waits for the one before */
    const int32_t *restrict zone = m->cell_zone, *restrict rests = m->rests, today = (int32_t)day;
    const double *restrict people = m->cell_fighters, *restrict power = m->cell_strength;
    Pair sums[TURNS][MOST_ZONES];
    for (int turn = 0; turn < TURNS; turn++) memset(sums[turn], 0, sizeof(Pair) * (size_t)m->zones);
    for (int64_t cell = 0; cell < m->cells; cell += TURNS) /* columns are padded: no people, no strength */
        for (int turn = 0; turn < TURNS; turn++) {
            int64_t k = cell + turn;
            sums[turn][zone[k]] += (Pair){people[k], rests[k] <= today ? power[k] : 0.0};
        }
    for (int64_t k = 0; k < m->zones; k++) {
        Pair sum = (sums[0][k] + sums[1][k]) + (sums[2][k] + sums[3][k]);
        m->fighters[k] = sum[0], m->strength[k] = sum[1];
    }
}
#else
static void count_fighters(Model *m, int64_t day) {
    const int32_t *restrict zone = m->cell_zone, *restrict rests = m->rests;
    int32_t here = 0;
    double fighters = 0.0, strength = 0.0;
    memset(m->fighters, 0, sizeof(double) * (size_t)m->zones);
    memset(m->strength, 0, sizeof(double) * (size_t)m->zones);
    for (int64_t cell = 0; cell < m->cells; cell++) {
        if (zone[cell] != here) {
            m->fighters[here] += fighters;
            m->strength[here] += strength;
            here = zone[cell], fighters = 0.0, strength = 0.0;
        }
        fighters += m->cell_fighters[cell];
        strength += rests[cell] <= day ? m->cell_strength[cell] : 0.0;
    }
    m->fighters[here] += fighters;
    m->strength[here] += strength;
}
#endif

/* --- 7.7 attacks.weigh ------------------------------------------------------------------------------------------- */

static void weigh_raids(Model *m) { /* friction depends on the segment alone */
    double weights[MOST_SEGMENTS + 1], *across = weights + 1;
    weights[0] = m->raids; /* no border between them: -1 */
    const int64_t segments = LANES * ((m->segments + LANES - 1) / LANES); /* columns are padded */
    SIMD
    for (int64_t segment = 0; segment < segments; segment++) {
        double more = (m->segment_troops[segment] - m->segment_reference[segment]) / THOUSAND;
        double closed = m->open[segment] > 0 ? 0.0 : m->closed_border;
        across[segment] = m->raids * exp(-(closed + m->border_troops * more));
    }
    SIMD
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
        double sum = m->opportunity * (m->control_first[zone] - m->control[zone]);
        sum -= m->evidence_attacks * more[zone];
        sum -= m->evidence_neighbours * next_door[zone];
        sum += m->evidence_spike * m->cut[zone];
        sum += m->offensive_attacks * (m->pressure[zone] < 1.0 ? m->pressure[zone] : 1.0);
        sum += m->tempo[m->region[zone]] - drift;
        m->lure[zone] = m->exposure[zone] * exp(sum) * season * (1.0 + m->spoiling * m->spoiled[zone]);
    }
}

static void weigh_attacks(Model *m, int64_t day) {
    weigh_raids(m);
    weigh_lures(m, day);
    for (int64_t zone = 0; zone < m->zones; zone++) m->landing[zone] = 0.0;
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double rate = m->rate * m->strength[zone];
        m->landing[zone] += rate * m->lure[zone];
        for (int64_t pair = m->pair_first[zone]; pair < m->pair_end[zone]; pair++)
            m->landing[m->to[pair]] += rate * m->raid[pair] * m->lure[m->to[pair]];
    }
    SIMD
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double excited = m->landing[zone] > 0.0 ? 1.0 + m->excited[zone] / m->landing[zone] : 1.0;
        m->pull[zone] = m->lure[zone] * excited;
    }
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double hazard = m->pull[zone];
        for (int64_t pair = m->pair_first[zone]; pair < m->pair_end[zone]; pair++)
            hazard += m->raid[pair] * m->pull[m->to[pair]];
        m->hazard[zone] = m->rate * hazard;
    }
}

/* --- daily luck: Philox 4x64-10 ---------------------------------------------------------------------------------- */

static const uint64_t TIMES_0 = 0xD2E7470EE14C6C93u, TIMES_1 = 0xCA5A826395121157u;
static const uint64_t WEYL_0 = 0x9E3779B97F4A7C15u, WEYL_1 = 0xBB67AE8584CAA73Bu, LOW = 0xFFFFFFFFu;

#ifdef VECTORISED
typedef uint64_t Words __attribute__((vector_size(8 * LANES), aligned(8)));
typedef uint32_t Halves __attribute__((vector_size(4 * LANES), aligned(4)));
#define HALVES(words) __builtin_convertvector(words, Halves)

#ifdef __AVX512F__
static inline Words times(uint64_t a, Words b) { /* of the low halves */
    return (Words)_mm512_mul_epu32(_mm512_set1_epi64((int64_t)a), (__m512i)b);
}
#else
static inline Words times(uint64_t a, Words b) { return (a & LOW) * (b & LOW); }
#endif

static inline void multiply(uint64_t a, Words b, Words *high, Words *low) { /* vectors have no product of 128 bits */
    Words b1 = b >> 32, first = times(a, b), last = times(a >> 32, b1);
    Words middle = times(a >> 32, b) + (first >> 32), other = times(a, b1) + (middle & LOW);
    *high = last + (middle >> 32) + (other >> 32);
    *low = (first & LOW) | other << 32;
}
#else
typedef uint64_t Words;
typedef uint32_t Halves;
#define HALVES(words) ((uint32_t)(words))

static inline void multiply(uint64_t a, Words b, Words *high, Words *low) {
    unsigned __int128 product = (unsigned __int128)a * b;
    *high = (uint64_t)(product >> 64), *low = (uint64_t)product;
}
#endif

typedef struct {
    Words w[4];
} Block;

static inline Block philox(const Model *m, uint64_t tick, Words key) {
    Words c0 = key * 0 + tick, c1 = key, c2 = key * 0 + CELL_DAY, c3 = key * 0;
    uint64_t k0 = (uint64_t)m->seed, k1 = (uint64_t)m->replicate;
    for (int turn = 0; turn < ROUNDS; turn++, k0 += WEYL_0, k1 += WEYL_1) {
        Words high_0, low_0, high_1, low_1;
        multiply(TIMES_0, c0, &high_0, &low_0);
        multiply(TIMES_1, c2, &high_1, &low_1);
        c0 = high_1 ^ c1 ^ k0, c1 = low_1, c2 = high_0 ^ c3 ^ k1, c3 = low_0;
    }
    return (Block){{c0, c1, c2, c3}};
}

static void draw_luck(Model *m, int64_t day) { /* columns of luck and keys are padded to what is taken together */
    const int64_t lane = (m->epoch + day) % LUCK_DAYS, step = sizeof(Words) / sizeof(uint64_t);
    const uint64_t tick = (uint64_t)((m->epoch + day) / LUCK_DAYS);
    if (day > 0 && lane > 0) return;
    for (int64_t cell = 0; cell < m->cells; cell += step) {
        Block block = philox(m, tick, *(const Words *)(m->key + cell));
        for (int k = 0; k < LUCK_DAYS / 2; k++) {
            *(Halves *)(m->luck + 2 * k * m->stride + cell) = HALVES(block.w[k]);
            *(Halves *)(m->luck + (2 * k + 1) * m->stride + cell) = HALVES(block.w[k] >> 32);
        }
    }
}

/* --- day.wake, and the cells that are due put their stock-taking off --------------------------------------------- */

#if defined(VECTORISED) && defined(__AVX512F__) && defined(__AVX512VL__)
static int64_t list_awake(Model *m, int64_t day) {
    const uint32_t *luck = m->luck + (m->epoch + day) % LUCK_DAYS * m->stride;
    const __m256i today = _mm256_set1_epi32((int32_t)day), steps = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m512d stays = _mm512_set1_pd(1.0 - *m->leaving), ulp = _mm512_set1_pd(ULP_32);
    const int fits = m->zones <= WIDTH;
    const __m512d near = _mm512_loadu_pd(m->hazard), far = _mm512_loadu_pd(m->hazard + LANES);
    int64_t count = 0;
    for (int64_t cell = 0; cell < m->cells; cell += LANES) { 
        __m512d u = _mm512_mul_pd(_mm512_cvtepu32_pd(_mm256_loadu_si256((const void *)(luck + cell))), ulp);
        __m256i zone = _mm256_loadu_si256((const void *)(m->cell_zone + cell));
        __m512d hazard = fits ? _mm512_permutex2var_pd(near, _mm512_cvtepi32_epi64(zone), far)
                              : _mm512_i32gather_pd(zone, m->hazard, 8);
        __m512d chance = _mm512_mul_pd(hazard, _mm512_loadu_pd(m->cell_strength + cell));
        __m256i due = _mm256_loadu_si256((const void *)(m->stock_day + cell));
        __mmask8 stirs = _mm512_cmp_pd_mask(u, chance, _CMP_LT_OQ) | _mm512_cmp_pd_mask(u, stays, _CMP_GT_OQ) |
                         _mm256_cmple_epi32_mask(due, today);
        if (cell + LANES > m->cells) stirs &= (__mmask8)((1 << (m->cells - cell)) - 1);
        __m256i listed = _mm256_maskz_compress_epi32(stirs, _mm256_add_epi32(_mm256_set1_epi32((int32_t)cell), steps));
        _mm256_storeu_si256((void *)(m->awake + count), listed);
        count += __builtin_popcount(stirs);
    }
    return count;
}
#else
static int64_t list_awake(Model *m, int64_t day) {
    const uint32_t *restrict luck = m->luck + (m->epoch + day) % LUCK_DAYS * m->stride;
    const int32_t *restrict zone = m->cell_zone, *restrict stock_day = m->stock_day;
    const double *restrict strength = m->cell_strength, *restrict hazard = m->hazard, stays = 1.0 - *m->leaving;
    int32_t *restrict awake = m->awake;
    int64_t count = 0;
    for (int64_t cell = 0; cell < m->cells; cell++) {
        double u = (double)luck[cell] * ULP_32;
        awake[count] = (int32_t)cell;
        count += (u < hazard[zone[cell]] * strength[cell]) | (u > stays) | (day >= stock_day[cell]);
    }
    return count;
}
#endif

static int64_t wake(Model *m, int64_t day) {
    int64_t count = list_awake(m, day);
    for (int64_t place = 0; place < count; place++) {
        int32_t *due = m->stock_day + m->awake[place];
        if (day >= *due) *due = (int32_t)(day + (int64_t)m->review_days);
    }
    return count;
}

/* --- 7.11a control.relax ----------------------------------------------------------------------------------------- */

static inline double saturation(double effective, double half) {
    return effective + half > 0.0 ? effective / (effective + half) : 0.0;
}

static void relax(Model *m) {
    const double step = 1.0 / m->relaxation_days;
    double *restrict control = m->control;
    SIMD
    for (int64_t zone = 0; zone < m->zones; zone++) {
        double half = m->half * m->population[zone] / THOUSAND;
        double felt = saturation(m->effective[zone], half) - saturation(m->reference[zone], half);
        double gained = m->pressure[zone] > m->held[zone] ? m->pressure[zone] : m->held[zone];
        double fighters = log((m->fighters[zone] + 1.0) / (m->fighters_reference[zone] + 1.0));
        double moved = m->presence * felt + m->offensive_control * gained - m->fighters_effect * fighters;
        double aim = 1.0 / (1.0 + exp(-(m->odds_first[zone] + moved)));
        control[zone] += (aim - control[zone]) * step;
    }
}

/* --- days -------------------------------------------------------------------------------------------------------- */

int fits(const Model *m) {
    return m->zones <= MOST_ZONES && m->bases <= MOST_BASES && m->cells + LANES <= MOST_CELLS &&
           m->segments <= MOST_SEGMENTS && m->contingents + m->forces <= MOST_FORCES && m->row % WIDTH == 0;
}

int64_t run(Model *m, int64_t part, int64_t first, int64_t end) { /* returns how often a cell was awake */
    int64_t awake = 0;
    for (int64_t day = first; day < end; day++) {
        if (part == ALL || part == SHARE_OUT) share_out(m);
        if (part == ALL || part == BUILD) build(m, day);
        if (part == ALL || part == PRESENCE) weigh_presence(m);
        if (part == ALL || part == COUNT) count_fighters(m, day);
        if (part == ALL || part == WEIGH) weigh_attacks(m, day);
        if (part == ALL || part == LUCK) draw_luck(m, day);
        if (part == ALL || part == WAKE) awake += wake(m, day);
        if (part == ALL || part == RELAX) relax(m);
    }
    return awake;
}
