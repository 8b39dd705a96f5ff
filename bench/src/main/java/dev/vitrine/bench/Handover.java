package dev.vitrine.bench;

/**
 * How long a number takes from one processor's cache to another's and back, halved. Processors of one cache complex take
 * some 30 ns, others 150 ns and more; a virtual machine may change from one to the other while it runs.
 */
final class Handover {
    private static final int WARM_UPS = 2_000;
    private static final int ROUNDS = 100_000;

    private volatile int number;

    private Handover() {}

    static double nanoseconds() {
        return new Handover().measure();
    }

    private double measure() {
        Thread other = new Thread(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                await(2 * round + 1);
                number = 2 * round + 2;
            }
        });
        other.start();
        long start = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (round == WARM_UPS) {
                start = System.nanoTime();
            }
            number = 2 * round + 1;
            await(2 * round + 2);
        }
        return (System.nanoTime() - start) / 2.0 / (ROUNDS - WARM_UPS);
    }

    private void await(int expected) {
        while (number != expected) {
            Thread.onSpinWait();
        }
    }
}
