from . import portal, portal_ask, portal_home, portal_pay, portal_plan, relay
