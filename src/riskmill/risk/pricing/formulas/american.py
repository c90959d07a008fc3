"""American options on a lognormal spot."""

import numpy as np

from riskmill.risk.pricing.dual import Real
from riskmill.risk.pricing.maths import exp, log, sqrt, where
STEPS = 101
def lr(z, n):
    u = z/(n+1.0/3.0+0.1/(n+1.0))
    h = sqrt(0.25-0.25*exp(-u*u*(n+1.0/6.0)))
    return where(z>0.0,0.5+h,0.5-h)
def american_option(spot,volatility,rate,dividend_yield,strike,years,sign):
    rows=np.ascontiguousarray([[float(x)] for x in (spot,volatility,rate,dividend_yield,1.0)])
    out=np.empty((1,1))
    american_rows(rows,np.arange(5)[None,:],np.array([[strike,years,sign]]),np.ones(1),out)
    return float(out[0,0])
def american_rows(rows, index, terms, amounts, out):
    width=out.shape[1]
    n=STEPS
    v=np.empty((n+1,64)); x=np.empty((n+1,64)); p=np.empty(64);ratio=np.empty(64);sp=np.empty(64);q=np.empty(64)
    for i in range(index.shape[0]):
        strike=terms[i,0]; years=max(terms[i,1],1e-9); sign=terms[i,2]
        for at in range(0,width,64):
            m=min(64,width-at)
            S=rows[index[i,0],at:at+m]; V=rows[index[i,1],at:at+m]; R=rows[index[i,2],at:at+m]; Y=rows[index[i,3],at:at+m]; C=rows[index[i,4],at:at+m]
            dt=years/n
            for s in range(m):
                sd=where(V[s]>1e-6,V[s],1e-6)*sqrt(years)
                f=where(S[s]>1e-12,S[s],1e-12)
                d1=(log(f/strike)+(R[s]-Y[s])*years)/sd+0.5*sd
                d2=d1-sd
                up=lr(d2,n); pu=lr(d1,n)
                g=exp((R[s]-Y[s])*dt)
                u=g*pu/up; d=g*(1.0-pu)/(1.0-up)
                disc=exp(-R[s]*dt)
                p[s]=disc*up; q[s]=disc*(1.0-up)
                ratio[s]=u/d
                x[0,s]=S[s]*exp(n*log(d)); sp[s]=1.0/d
            for j in range(1,n+1):
                for s in range(m): x[j,s]=x[j-1,s]*ratio[s]
            for j in range(n+1):
                for s in range(m):
                    e=sign*(x[j,s]-strike); v[j,s]=where(e>0.0,e,0.0)
            for k in range(n):
                for j in range(n-k):
                    for s in range(m):
                        x[j,s]*=sp[s]
                        c=p[s]*v[j+1,s]+q[s]*v[j,s]
                        e=sign*(x[j,s]-strike)
                        v[j,s]=where(e>c,e,c)
            for s in range(m): out[i,at+s]=amounts[i]*C[s]*v[0,s]
PARTS=(lr,)
