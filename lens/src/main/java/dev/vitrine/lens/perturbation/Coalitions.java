package dev.vitrine.lens.perturbation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Subsets of players with their weight under the Shapley kernel (n − 1) / (C(n, s) s (n − s)) for a subset of s of n
 * players; without the empty and the full subset. All subsets of a size, sizes of largest weight first, as far as the
 * budget allows; then random ones of the other sizes, each with its complement. Lundberg and Lee 2017,
 * arXiv:1705.07874; pairs: Covert and Lee 2021, arXiv:2012.01536.
 */
final class Coalitions {
    /** A subset with its weight. */
    record Coalition(boolean[] players, double weight) {}

    private final int players;
    private final int room;
    private final SplittableRandom random;
    private final List<Coalition> chosen = new ArrayList<>();

    private Coalitions(int players, int room, long seed) {
        this.players = players;
        this.room = room;
        this.random = new SplittableRandom(seed);
    }

    /** At most {@code room} subsets; all if they fit. */
    static List<Coalition> of(int players, int room, long seed) {
        return new Coalitions(players, room, seed).choose();
    }

    /** The total Shapley kernel weight of all subsets of a size, up to a factor. */
    private double weight(int size) {
        return 1.0 / size / (players - size);
    }

    private List<Coalition> choose() {
        int size = 1;
        for (; size <= players / 2; size++) {
            boolean alone = 2 * size == players;
            double subsets = subsets(size) * (alone ? 1 : 2);
            if (chosen.size() + subsets > room) {
                break;
            }
            all(size, weight(size) / subsets(size), alone);
        }
        if (size <= players / 2) {
            draw(size);
        }
        return List.copyOf(chosen);
    }

    private double subsets(int size) {
        double count = 1;
        for (int i = 0; i < size; i++) {
            count = count * (players - i) / (i + 1);
        }
        return Math.rint(count);
    }

    /** All subsets of a size, and their complements if of another size. */
    private void all(int size, double weight, boolean alone) {
        int[] members = new int[size];
        Arrays.setAll(members, i -> i);
        while (true) {
            boolean[] subset = new boolean[players];
            for (int member : members) {
                subset[member] = true;
            }
            chosen.add(new Coalition(subset, weight));
            if (!alone) {
                chosen.add(new Coalition(complement(subset), weight));
            }
            int last = size - 1;
            while (last >= 0 && members[last] == players - size + last) {
                last--;
            }
            if (last < 0) {
                return;
            }
            members[last]++;
            for (int i = last + 1; i < size; i++) {
                members[i] = members[i - 1] + 1;
            }
        }
    }

    private static boolean[] complement(boolean[] subset) {
        boolean[] complement = new boolean[subset.length];
        for (int i = 0; i < subset.length; i++) {
            complement[i] = !subset[i];
        }
        return complement;
    }

    /** Random subsets of at least a given size, which share the remaining weight. */
    private void draw(int least) {
        double[] upTo = new double[players - least + 1];
        double total = 0;
        for (int size = least; size <= players - least; size++) {
            total += weight(size);
            upTo[size] = total;
        }
        int left = room - chosen.size();
        List<boolean[]> drawn = new ArrayList<>();
        while (drawn.size() < left) {
            double at = random.nextDouble() * total;
            int size = least;
            while (size < players - least && upTo[size] <= at) {
                size++;
            }
            boolean[] subset = subset(size);
            drawn.add(subset);
            if (drawn.size() < left) {
                drawn.add(complement(subset));
            }
        }
        for (boolean[] subset : drawn) {
            chosen.add(new Coalition(subset, total / left));
        }
    }

    private boolean[] subset(int size) {
        boolean[] subset = new boolean[players];
        int missing = size;
        for (int player = 0; player < players; player++) {
            if (random.nextInt(players - player) < missing) {
                subset[player] = true;
                missing--;
            }
        }
        return subset;
    }
}
