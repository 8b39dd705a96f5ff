package dev.vitrine.lens.training.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A stratified split into training and held-out samples; both in ascending order.
 *
 * @param train indices of samples
 * @param heldOut indices of samples
 */
public record Split(List<Integer> train, List<Integer> heldOut) {
    public Split {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }

    /** @param share of each class to hold out, rounded; at least one sample if the class has two */
    public static Split of(Samples samples, double share, long seed) {
        List<List<Integer>> classes = new ArrayList<>();
        samples.classNames().forEach(name -> classes.add(new ArrayList<>()));
        for (int index = 0; index < samples.size(); index++) {
            classes.get(samples.label(index)).add(index);
        }
        List<Integer> train = new ArrayList<>();
        List<Integer> heldOut = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            List<Integer> members = classes.get(label);
            Orders.shuffle(members, new SplittableRandom(seed + 0x9e3779b97f4a7c15L * (label + 1)));
            int held = (int) Math.round(share * members.size());
            if (share > 0 && members.size() > 1) {
                held = Math.max(1, Math.min(members.size() - 1, held));
            }
            heldOut.addAll(members.subList(0, held));
            train.addAll(members.subList(held, members.size()));
        }
        train.sort(null);
        heldOut.sort(null);
        return new Split(train, heldOut);
    }
}
