package dev.vitrine.lens.training.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** The order of samples in an epoch. */
public enum Orders {
    /** Each sample once. */
    NATURAL,
    /** Each class equally often; its samples alternate. */
    BALANCED;

    /** The samples of one epoch, in number equal to all samples. */
    List<Integer> epoch(Samples samples, List<Integer> train, long seed, int epoch) {
        SplittableRandom random = new SplittableRandom(seed + 0x9e3779b97f4a7c15L * (epoch + 1));
        List<Integer> order = switch (this) {
            case NATURAL -> new ArrayList<>(train);
            case BALANCED -> balanced(samples, train, random);
        };
        shuffle(order, random);
        return order;
    }

    private static List<Integer> balanced(Samples samples, List<Integer> train, SplittableRandom random) {
        List<List<Integer>> classes = new ArrayList<>();
        samples.classNames().forEach(name -> classes.add(new ArrayList<>()));
        train.forEach(index -> classes.get(samples.label(index)).add(index));
        classes.removeIf(List::isEmpty);
        classes.forEach(members -> shuffle(members, random));
        List<Integer> order = new ArrayList<>();
        for (int round = 0; order.size() < train.size(); round++) {
            for (List<Integer> members : classes) {
                if (order.size() < train.size()) {
                    order.add(members.get(round % members.size()));
                }
            }
        }
        return order;
    }

    /** Fisher and Yates 1938. */
    static void shuffle(List<Integer> list, SplittableRandom random) {
        for (int last = list.size() - 1; last > 0; last--) {
            Collections.swap(list, last, random.nextInt(last + 1));
        }
    }
}
