"""Prints embedding-reference.txt: what scikit-learn makes of 60 points that EmbeddingReferenceTest makes too."""
import numpy as np
import scipy.linalg
import sklearn
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.manifold import trustworthiness

state = 12345
values = []
for _ in range(60 * 8):
    state = (state * 1103515245 + 12345) % 2**31
    values.append(state / 2**31)
labels = np.arange(60) % 3
x = np.array(values).reshape(60, 8) * np.arange(1, 9)
x[:, 0] += labels
x[:, 3] += 2 * (labels == 1)

def line(name, numbers):
    print(name, *(repr(float(number)) for number in np.ravel(numbers)))

print("# scikit-learn", sklearn.__version__, "numpy", np.__version__)
pca = PCA(4, svd_solver="full").fit(x)
line("variances", pca.explained_variance_)
line("ratios", pca.explained_variance_ratio_)
line("scores", np.abs(pca.transform(x))[:5])
lda = LinearDiscriminantAnalysis(solver="eigen").fit(x, labels)
total = np.cov(x.T, bias=1)
line("eigenvalues", scipy.linalg.eigh(total - lda.covariance_, lda.covariance_)[0][::-1][:2])
line("separation", (LinearDiscriminantAnalysis(solver="svd").fit(x, labels).predict(x) == labels).mean())
line("trustworthiness", trustworthiness(x, x[:, :2], n_neighbors=12))
line("continuity", trustworthiness(x[:, :2], x, n_neighbors=12))
