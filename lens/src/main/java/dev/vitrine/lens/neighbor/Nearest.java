package dev.vitrine.lens.neighbor;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The least few of many distances: a heap with the farthest at its top; of equal ones the lower index is nearer. */
final class Nearest {
    private final double[] distances;
    private final int[] ids;
    private int size;

    Nearest(int most) {
        distances = new double[most];
        ids = new int[most];
    }

    int size() {
        return size;
    }

    int id(int place) {
        return ids[place];
    }

    void offer(double distance, int id) {
        if (size < distances.length) {
            int place = size++;
            while (place > 0 && isFarther(distance, id, (place - 1) / 2)) {
                set(place, (place - 1) / 2);
                place = (place - 1) / 2;
            }
            distances[place] = distance;
            ids[place] = id;
        } else if (!isFarther(distance, id, 0)) {
            int place = 0;
            int child = 1;
            while (child < size) {
                if (child + 1 < size && isFarther(distances[child + 1], ids[child + 1], child)) {
                    child++;
                }
                if (!isFarther(distances[child], ids[child], distance, id)) {
                    break;
                }
                set(place, child);
                place = child;
                child = 2 * place + 1;
            }
            distances[place] = distance;
            ids[place] = id;
        }
    }

    private void set(int place, int from) {
        distances[place] = distances[from];
        ids[place] = ids[from];
    }

    private boolean isFarther(double distance, int id, int than) {
        return isFarther(distance, id, distances[than], ids[than]);
    }

    private static boolean isFarther(double distance, int id, double than, int thanId) {
        return distance > than || distance == than && id > thanId;
    }

    /** Returns them, nearest first. */
    void sorted(int[] toIds, double[] toDistances, int at) {
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer place) -> distances[place])
                        .thenComparingInt(place -> ids[place]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int rank = 0; rank < size; rank++) {
            toIds[at + rank] = ids[order[rank]];
            toDistances[at + rank] = distances[order[rank]];
        }
    }
}
