package dev.vitrine.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Times several pieces of work in turn, A B C A B C …, so that a machine whose speed drifts treats them alike. */
final class Stopwatch {
    /**
     * Seconds of every counted round of one piece of work, the shortest first.
     *
     * @param processor seconds that the process spent on all cores, which other programs disturb less
     */
    record Times(String name, double[] seconds, double[] processor) {
        double minimum() {
            return seconds[0];
        }

        double median() {
            return seconds[seconds.length / 2];
        }

        double processorMedian() {
            return processor[processor.length / 2];
        }
    }

    record Work(String name, Runnable run) {}

    private Stopwatch() {}

    static List<Times> interleave(int warmUps, int rounds, List<Work> works) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        double[][] seconds = new double[works.size()][rounds];
        double[][] processor = new double[works.size()][rounds];
        for (int round = -warmUps; round < rounds; round++) {
            for (int i = 0; i < works.size(); i++) {
                long start = System.nanoTime();
                long spent = system.getProcessCpuTime();
                works.get(i).run().run();
                if (round >= 0) {
                    seconds[i][round] = (System.nanoTime() - start) / 1e9;
                    processor[i][round] = (system.getProcessCpuTime() - spent) / 1e9;
                }
            }
        }
        List<Times> times = new ArrayList<>();
        for (int i = 0; i < works.size(); i++) {
            Arrays.sort(seconds[i]);
            Arrays.sort(processor[i]);
            times.add(new Times(works.get(i).name(), seconds[i], processor[i]));
        }
        return times;
    }
}
