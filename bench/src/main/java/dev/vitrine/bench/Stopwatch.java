package dev.vitrine.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Times several pieces of work in turn, A B C A B C …, so that a machine whose speed drifts treats them alike. */
final class Stopwatch {
    /** Seconds of every counted round of one piece of work. */
    record Times(String name, double[] seconds) {
        double minimum() {
            return seconds[0];
        }

        double median() {
            return seconds[seconds.length / 2];
        }
    }

    record Work(String name, Runnable run) {}

    private Stopwatch() {}

    static List<Times> interleave(int warmUps, int rounds, List<Work> works) {
        double[][] seconds = new double[works.size()][rounds];
        for (int round = -warmUps; round < rounds; round++) {
            for (int i = 0; i < works.size(); i++) {
                long start = System.nanoTime();
                works.get(i).run().run();
                if (round >= 0) {
                    seconds[i][round] = (System.nanoTime() - start) / 1e9;
                }
            }
        }
        List<Times> times = new ArrayList<>();
        for (int i = 0; i < works.size(); i++) {
            Arrays.sort(seconds[i]);
            times.add(new Times(works.get(i).name(), seconds[i]));
        }
        return times;
    }
}
