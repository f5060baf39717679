// Tells ThreadSanitizer of the slow path of Swift's Mutex.
//
// On Linux a contended Mutex is locked and unlocked inside libswiftSynchronization, which is not instrumented, by the
// kernel (FUTEX_LOCK_PI). ThreadSanitizer then sees no order between two holders and reports what they both touch as a
// race. Loaded before that library (LD_PRELOAD), these functions stand in for its own, call them, and tell what order
// they made. So no report needs to be suppressed, and a race inside of a locked region is still found.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define MUTEX __attribute__((swift_context)) void *mutex

// There in an instrumented process, missing in all others that inherit the environment.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

// Synchronization._MutexHandle._lockSlow(UInt32) -> ()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
// Synchronization._MutexHandle._tryLockSlow() -> Bool
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
// Synchronization._MutexHandle._unlockSlow() -> ()
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lockSlow(uint32_t thread, MUTEX) __asm__(LOCK);
SWIFT bool tryLockSlow(MUTEX) __asm__(TRY_LOCK);
SWIFT void unlockSlow(MUTEX) __asm__(UNLOCK);

typedef SWIFT void (*LockSlow)(uint32_t thread, MUTEX);
typedef SWIFT bool (*TryLockSlow)(MUTEX);
typedef SWIFT void (*UnlockSlow)(MUTEX);

static LockSlow lockSlowOfSwift;
static TryLockSlow tryLockSlowOfSwift;
static UnlockSlow unlockSlowOfSwift;

__attribute__((constructor)) static void find(void) {
    lockSlowOfSwift = (LockSlow)dlsym(RTLD_NEXT, LOCK);
    tryLockSlowOfSwift = (TryLockSlow)dlsym(RTLD_NEXT, TRY_LOCK);
    unlockSlowOfSwift = (UnlockSlow)dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void lockSlow(uint32_t thread, MUTEX) {
    lockSlowOfSwift(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT bool tryLockSlow(MUTEX) {
    bool isLocked = tryLockSlowOfSwift(mutex);
    if (isLocked && __tsan_acquire) __tsan_acquire(mutex);
    return isLocked;
}

SWIFT void unlockSlow(MUTEX) {
    if (__tsan_release) __tsan_release(mutex);
    unlockSlowOfSwift(mutex);
}
