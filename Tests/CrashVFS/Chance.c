#include "Parts.h"

/// SplitMix64: the same numbers on every machine.
uint64_t next_random(uint64_t *state) {
    *state += 0x9E3779B97F4A7C15;
    uint64_t mixed = *state;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
}

/// A number of 0 ..< limit; 0 if there is none.
int64_t random_below(uint64_t *state, int64_t limit) {
    return limit <= 0 ? 0 : (int64_t)(next_random(state) % (uint64_t)limit);
}
